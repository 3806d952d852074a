/// Finds every word of a list in one pass over a text: the automaton of Aho and Corasick in a double array.
///
/// Each state is 16 bytes, whatever the alphabet, and the states that common text goes through stay in the cache.
struct WordAutomaton: Sendable {
    /// A state, and the place of another one's child.
    struct Slot: Sendable {
        /// The child by a symbol lies this far behind the symbol.
        var base: Int32 = 0
        /// The state whose child this is; -1 when it is nobody's.
        var parent: Int32 = -1
        /// The state of the longest end of this one's text that begins a word too.
        var fail: Int32 = 0
        /// The nearest state on the way of `fail`, this one first, at which a word ends; 0 for none.
        var ending: Int32 = 0
    }

    /// The most characters that do not count between two that do.
    static let maximumGap = 3

    let symbols: SymbolTable
    let slots: [Slot]
    /// The word that ends at a state; -1 for none.
    let words: [Int32]

    /// Goes through a text, and calls back where words end.
    ///
    /// - Parameters:
    ///   - bytes: the text in valid UTF-8.
    ///   - found: takes the state at which words end, and the offset behind them; `false` ends the search.
    @inline(__always)
    func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ found: (_ ending: Int, _ offset: Int) -> Bool) {
        // Every index below is made by the builder: a base and the largest symbol after it lie within the slots, a page
        // within the pages. Bounds checks would cost a third of the speed.
        slots.withUnsafeBufferPointer { slots in
            symbols.pages.withUnsafeBufferPointer { pages in
                symbols.pageIndex.withUnsafeBufferPointer { index in
                    Self.scan(bytes, slots, pages, index, found)
                }
            }
        }
    }

    @inline(__always)
    private static func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, _ slots: UnsafeBufferPointer<Slot>,
        _ pages: UnsafeBufferPointer<UInt16>, _ index: UnsafeBufferPointer<UInt16>, _ found: (Int, Int) -> Bool
    ) {
        var (offset, state, gap) = (0, 0, 0)
        while offset < bytes.count {
            let symbol: UInt16
            if bytes[offset] < 0x80 {
                symbol = pages[Int(bytes[offset])]
                offset += 1
            } else {
                let (scalar, length) = UTF8Scalar.decode(bytes, at: offset)
                symbol = pages[Int(index[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
                offset += length
            }
            if symbol == SymbolTable.other {
                state = 0
                continue
            }
            if symbol == SymbolTable.skipped {
                gap += 1
                if gap > maximumGap { state = 0 }
                continue
            }
            gap = 0
            state = step(state, Int(symbol), slots)
            let ending = Int(slots[state].ending)
            if ending != 0, !found(ending, offset) { return }
        }
    }

    @inline(__always)
    private static func step(_ start: Int, _ symbol: Int, _ slots: UnsafeBufferPointer<Slot>) -> Int {
        var state = start
        while true {
            let next = Int(slots[state].base) + symbol
            if slots[next].parent == Int32(truncatingIfNeeded: state) { return next }
            if state == 0 { return 0 }
            state = Int(slots[state].fail)
        }
    }
}

/// Characters in UTF-8 that is known to be valid.
enum UTF8Scalar {
    /// The character at an offset, and how many bytes it has; 1 byte at the end of what is no valid UTF-8 after all.
    @inline(__always)
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(bytes[offset])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard offset + length <= bytes.count else { return (0xFFFD, 1) }
        func rest(_ index: Int) -> UInt32 { UInt32(bytes[offset + index]) & 0x3F }
        switch length {
        case 1: return (first, 1)
        case 2: return ((first & 0x1F) << 6 | rest(1), 2)
        case 3: return ((first & 0x0F) << 12 | rest(1) << 6 | rest(2), 3)
        default: return (min((first & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3), 0x10_FFFF), 4)
        }
    }

    /// Where the character before an offset begins.
    @inline(__always)
    static func start(before offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var start = offset - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}
