import Messages

/// What a split leaves whole in a text, found in one pass whose cost grows with the length and nothing else.
///
/// It reads as much of CommonMark as that takes: links, pictures, addresses, code spans, and code fences, which may be cut
/// if they are closed and opened again.
struct MarkupAtoms {
    /// A code fence (CommonMark 0.31 §4.5).
    struct Fence {
        /// From the opening line to behind the closing one.
        var range: Range<Int>
        /// Where the code begins.
        var bodyStart: Int
        /// The backticks or tildes.
        var marker: String
        /// The opening line.
        var opening: String
    }

    /// For each place between two characters whether a cut there goes through something: the start of that, else -1.
    private(set) var cover: [Int32]
    /// The fences in their order.
    private(set) var fences: [Fence] = []

    private let text: [Character]
    /// Each character as ASCII, 0x80 for others.
    private let ascii: [UInt8]

    /// Reads a text.
    init(_ text: [Character], format: TextFormat) {
        self.text = text
        ascii = text.map { $0.isNewline ? UInt8(ascii: "\n") : $0.asciiValue ?? 0x80 }
        cover = Array(repeating: -1, count: text.count + 1)
        guard format != .plain else {
            coverAddresses(0..<text.count)
            return
        }
        readFences()
        var start = 0
        for fence in fences {
            readInline(start..<fence.range.lowerBound)
            start = fence.range.upperBound
        }
        readInline(start..<text.count)
    }

    // MARK: Fences

    private mutating func readFences() {
        var open: (start: Int, bodyStart: Int, length: Int, byte: UInt8)?
        var line = 0
        while line < text.count {
            let end = lineEnd(line)
            let next = min(end + 1, text.count)
            let start = (line..<end).first { ascii[$0] != UInt8(ascii: " ") } ?? end
            let byte = start < end ? ascii[start] : 0
            let length = (start..<end).prefix { ascii[$0] == byte }.count
            let isMark = (byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~")) && length >= 3 && start - line < 4
            if let fence = open {
                let isBare = (start + length..<end).allSatisfy { text[$0].isWhitespace }
                if isMark, byte == fence.byte, length >= fence.length, isBare {
                    close(fence.start, fence.bodyStart, fence.length, fence.byte, at: next)
                    open = nil
                }
            } else if isMark, byte == UInt8(ascii: "~") || !ascii[(start + length)..<end].contains(byte) {
                open = (line, next, length, byte)
            }
            line = next
        }
        if let fence = open { close(fence.start, fence.bodyStart, fence.length, fence.byte, at: text.count) }
    }

    private mutating func close(_ start: Int, _ bodyStart: Int, _ length: Int, _ byte: UInt8, at end: Int) {
        fences.append(
            Fence(
                range: start..<end, bodyStart: bodyStart,
                marker: String(repeating: Character(Unicode.Scalar(byte)), count: length),
                opening: String(text[start..<lineEnd(start)])))
    }

    private func lineEnd(_ index: Int) -> Int {
        var end = index
        while end < text.count, ascii[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    // MARK: Links, addresses and code spans

    private mutating func readInline(_ range: Range<Int>) {
        coverCode(range)
        coverLinks(range)
        coverAddresses(range)
    }

    private mutating func setCover(_ range: Range<Int>) {
        // A cut before the first and behind the last character goes through nothing.
        for place in range.dropFirst() where cover[place] < 0 {
            cover[place] = Int32(truncatingIfNeeded: range.lowerBound)
        }
    }

    /// A run of backticks closes with the next one of its length in the paragraph (CommonMark §6.1).
    private mutating func coverCode(_ range: Range<Int>) {
        var runs: [(start: Int, length: Int, paragraph: Int)] = []
        var (index, paragraph) = (range.lowerBound, 0)
        while index < range.upperBound {
            if ascii[index] == UInt8(ascii: "\\") {
                index += 2
            } else if ascii[index] == UInt8(ascii: "`") {
                let length = (index..<range.upperBound).prefix { ascii[$0] == UInt8(ascii: "`") }.count
                runs.append((index, length, paragraph))
                index += length
            } else {
                if isEmptyLine(index, range) { paragraph += 1 }
                index += 1
            }
        }
        // From the end, so that the next run of each length is known.
        var nextRun: [Int: Int] = [:]
        var closing = Array(repeating: -1, count: runs.count)
        for place in runs.indices.reversed() {
            if let next = nextRun[runs[place].length], runs[next].paragraph == runs[place].paragraph {
                closing[place] = next
            }
            nextRun[runs[place].length] = place
        }
        var place = 0
        while place < runs.count {
            guard closing[place] >= 0 else {
                place += 1
                continue
            }
            let end = runs[closing[place]]
            setCover(runs[place].start..<(end.start + end.length))
            place = closing[place] + 1
        }
    }

    /// `[text](target)`, with a `!` before it for a picture; brackets are matched with a stack (CommonMark §6.3).
    private mutating func coverLinks(_ range: Range<Int>) {
        var brackets: [Int] = []
        var targets: [(label: Int, depth: Int)] = []
        var (index, depth) = (range.lowerBound, 0)
        while index < range.upperBound {
            switch ascii[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "["): brackets.append(index)
            case UInt8(ascii: "]"):
                guard let start = brackets.popLast(), index + 1 < range.upperBound,
                    ascii[index + 1] == UInt8(ascii: "(")
                else { break }
                let isPicture = start > range.lowerBound && ascii[start - 1] == UInt8(ascii: "!")
                targets.append((isPicture ? start - 1 : start, depth))
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                while let last = targets.last, last.depth > depth { targets.removeLast() }
                if let last = targets.last, last.depth == depth {
                    targets.removeLast()
                    setCover(last.label..<(index + 1))
                }
            case UInt8(ascii: "\n") where isEmptyLine(index, range):
                brackets.removeAll()
                targets.removeAll()
                depth = 0
            default: break
            }
            index += 1
        }
    }

    /// Addresses of the web, by themselves or in pointed brackets.
    private mutating func coverAddresses(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            if ascii[index] == UInt8(ascii: "<") {
                let end = (index + 1..<range.upperBound).first {
                    isSpace($0) || ascii[$0] == UInt8(ascii: "<") || ascii[$0] == UInt8(ascii: ">")
                }
                if let end, ascii[end] == UInt8(ascii: ">"), end > index + 1 { setCover(index..<(end + 1)) }
                index = end ?? range.upperBound
            } else if startsAddress(index) {
                let end = (index..<range.upperBound).first { isSpace($0) } ?? range.upperBound
                setCover(index..<end)
                index = end
            } else {
                index += 1
            }
        }
    }

    private func startsAddress(_ index: Int) -> Bool {
        guard ascii[index] == UInt8(ascii: "h"),
            index == 0 || ascii[index - 1] >= 0x80 || !ascii[index - 1].isLetterOrDigit
        else { return false }
        return ascii[index...].starts(with: "https://".utf8) || ascii[index...].starts(with: "http://".utf8)
    }

    private func isSpace(_ index: Int) -> Bool {
        ascii[index] <= 0x20 || ascii[index] == 0x80 && text[index].isWhitespace
    }

    private func isEmptyLine(_ index: Int, _ range: Range<Int>) -> Bool {
        ascii[index] == UInt8(ascii: "\n") && index + 1 < range.upperBound && ascii[index + 1] == UInt8(ascii: "\n")
    }
}
