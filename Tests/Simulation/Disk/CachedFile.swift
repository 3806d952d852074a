import TestSupport

/// A file as programs see it, and as it is on the platters.
///
/// Every change is made in `seen` and noted; a synchronization repeats what was noted in `durable`. So each byte is
/// copied three times at most, and never a whole file.
struct CachedFile {
    private enum Change {
        /// Bytes that were written to a place, and lie in the journal from `start` on.
        case write(Range<Int>, start: Int)
        case resize(Int)
    }

    private(set) var seen = FileContent()
    private var durable = FileContent()
    private var unsynced: [Change] = []
    /// The bytes of the unsynced writes, one after the other.
    private var journal = RawBytes()
    private var journalSize = 0

    var hasUnsynced: Bool { !unsynced.isEmpty }

    mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard !bytes.isEmpty else { return }
        seen.write(bytes, at: offset)
        unsynced.append(.write(offset..<(offset + bytes.count), start: journalSize))
        journal.write(bytes, at: journalSize)
        journalSize += bytes.count
    }

    mutating func resize(to size: Int) {
        seen.resize(to: size)
        unsynced.append(.resize(size))
    }

    mutating func synchronize() {
        for change in unsynced { apply(change) }
        forget()
    }

    private mutating func forget() {
        unsynced = []
        journalSize = 0
    }

    /// A synchronization that failed: the system takes what it could not write for written, so that it stays visible
    /// until the machine ends and no later synchronization brings it to the disk
    /// (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
    mutating func failToSynchronize(_ random: inout SeededRandom) {
        for change in unsynced where Bool.random(using: &random) { apply(change) }
        forget()
    }

    /// The machine ends: what is seen from now on is what the disk has.
    mutating func losePower(sectorSize: Int, _ random: inout SeededRandom) {
        if hasUnsynced {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: break
            case 1: synchronize()
            case 2: keepBeginning(sectorSize, &random)
            default: keepSectors(sectorSize, &random)
            }
            forget()
        }
        seen = durable.copied()
    }

    /// The first changes are on the disk, the next in part, the others not.
    private mutating func keepBeginning(_ sectorSize: Int, _ random: inout SeededRandom) {
        let count = Int.random(in: 0..<unsynced.count, using: &random)
        for change in unsynced.prefix(count) { apply(change) }
        let torn = unsynced[count]
        unsynced = [torn]
        keepSectors(sectorSize, &random)
    }

    /// Each sector, and the size, stopped at a moment of its own.
    private mutating func keepSectors(_ sectorSize: Int, _ random: inout SeededRandom) {
        var moments = SectorMoments(sectorSize: sectorSize, count: unsynced.count)
        var size = durable.size
        var largest = size
        for (index, change) in unsynced.enumerated() {
            let range: Range<Int>
            switch change {
            case .write(let written, let start):
                range = written
                for part in moments.parts(of: written, keptAt: index, &random) {
                    let first = start + part.lowerBound - written.lowerBound
                    durable.write(journal.view(first..<(first + part.count)), at: part.lowerBound)
                }
            case .resize(let newSize):
                range = 0..<newSize
                for part in moments.parts(of: newSize..<max(newSize, largest), keptAt: index, &random) {
                    durable.zero(part)
                }
                if moments.keepsSize(at: index, &random) { size = newSize }
            }
            largest = max(largest, range.upperBound)
            if moments.keepsSize(at: index, &random) { size = max(size, range.upperBound) }
        }
        durable.resize(to: size)
    }

    private mutating func apply(_ change: Change) {
        switch change {
        case .write(let range, let start):
            durable.write(journal.view(start..<(start + range.count)), at: range.lowerBound)
        case .resize(let size): durable.resize(to: size)
        }
    }
}
