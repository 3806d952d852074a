import TestSupport

/// At which of the changes that nobody waited for each sector of a file stopped when the power went.
///
/// A system writes the sectors of its cache in any order and each at any time, so one sector may have all changes and
/// its neighbour none; but no sector ever goes back to an older state.
struct SectorMoments {
    private let sectorSize: Int
    private let count: Int
    /// For each sector, how many of the changes it has.
    private var moments: [Int: Int] = [:]

    /// The size of a file is kept apart from its sectors.
    private static let size = -1

    init(sectorSize: Int, count: Int) {
        self.sectorSize = sectorSize
        self.count = count
    }

    /// The parts of a range, each in a sector of its own, that have the change of this index.
    mutating func parts(
        of range: Range<Int>, keptAt index: Int, _ random: inout SeededRandom
    ) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min((start / sectorSize + 1) * sectorSize, range.upperBound)
            if keeps(start / sectorSize, at: index, &random) { parts.append(start..<end) }
            start = end
        }
        return parts
    }

    /// Whether the file's size has the change of this index.
    mutating func keepsSize(at index: Int, _ random: inout SeededRandom) -> Bool {
        keeps(Self.size, at: index, &random)
    }

    private mutating func keeps(_ sector: Int, at index: Int, _ random: inout SeededRandom) -> Bool {
        if let moment = moments[sector] { return index < moment }
        // Often none or all, so that the extremes are seen as well.
        let moment =
            switch Int.random(in: 0..<3, using: &random) {
            case 0: 0
            case 1: count
            default: Int.random(in: 0...count, using: &random)
            }
        moments[sector] = moment
        return index < moment
    }
}
