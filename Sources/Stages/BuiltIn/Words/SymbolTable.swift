/// The characters of a list of words as small numbers, the frequent ones the smallest.
///
/// Two steps of a table lead from a character to its number, so that no text costs more than another.
struct SymbolTable: Sendable {
    /// A character that no word has.
    static let other: UInt16 = 0
    /// A character that does not count between others.
    static let skipped: UInt16 = .max
    /// The most characters that a list may be made of.
    static let limit = 60_000

    private static let pageCount = 0x1100

    /// Where the page of each 256 characters is.
    private(set) var pageIndex: [UInt16]
    /// The numbers; the first page has none.
    private(set) var pages: [UInt16]
    /// How many numbers there are.
    let count: Int

    /// Makes the table of the characters of words, which are folded already.
    ///
    /// - Parameters:
    ///   - frequency: how often each character stands in the list.
    ///   - folding: which characters count as the same.
    ///   - skipsSeparators: whether white space and the like does not count.
    init(_ frequency: [Unicode.Scalar: Int], folding: WordFolding, skipsSeparators: Bool) {
        pageIndex = Array(repeating: 0, count: Self.pageCount)
        pages = Array(repeating: Self.other, count: 256)
        count = frequency.count
        var numbers: [Unicode.Scalar: UInt16] = [:]
        let sorted = frequency.sorted { ($0.value, $1.key.value) > ($1.value, $0.key.value) }
        for (index, entry) in sorted.enumerated() { numbers[entry.key] = UInt16(truncatingIfNeeded: index + 1) }
        for (scalar, number) in numbers { set(scalar, number) }
        for (scalar, folded) in folding.pairs {
            // A character of a list stands for itself when it is not folded away.
            if let number = numbers[folded] { set(scalar, number) }
        }
        for scalar in WordScalar.mayBeSkipped where numbers[folding.fold(scalar)] == nil {
            if skipsSeparators || WordScalar.isInvisible(scalar) { set(scalar, Self.skipped) }
        }
    }

    /// The number of a character.
    subscript(scalar: Unicode.Scalar) -> UInt16 {
        pages[Int(pageIndex[Int(scalar.value >> 8)]) << 8 | Int(scalar.value & 0xFF)]
    }

    private mutating func set(_ scalar: Unicode.Scalar, _ number: UInt16) {
        let place = Int(scalar.value >> 8)
        if pageIndex[place] == 0, place > 0 {
            pageIndex[place] = UInt16(truncatingIfNeeded: pages.count >> 8)
            pages += repeatElement(Self.other, count: 256)
        }
        pages[Int(pageIndex[place]) << 8 | Int(scalar.value & 0xFF)] = number
    }
}
