/// Makes well-formed XML of nearly well-formed XML, in one pass, before the parser sees it.
///
/// What feeds get wrong, and what is made of it: a bare `&` or `<` becomes text, as does an entity nobody knows; control
/// characters go; an end tag closes what was left open inside it, or goes when nothing of its name is open; attributes get
/// quotes; text before the first tag goes. Comments, instructions and document types go too, faultless ones as well: none
/// of them is wanted, and without a document type there are no entities to expand. Line numbers stay what they were.
struct XMLMender {
    let input: [UInt8]
    var offset = 0
    var output: [UInt8] = []
    private(set) var fault: MarkupFault?
    /// The names of the open elements, where they stand in the input.
    var open: [Range<Int>] = []
    var hasElement = false
    /// Ends that were looked for in vain, once; they are not looked for again.
    private var missingEnds: Set<String> = []

    init(_ input: [UInt8]) {
        self.input = input
        output.reserveCapacity(input.count + input.count / 16)
    }

    mutating func run() {
        while offset < input.count {
            switch input[offset] {
            case UInt8(ascii: "<"): mendMarkup()
            case UInt8(ascii: "&"): mendAmpersand()
            default: copyText()
            }
        }
    }

    mutating func mendMarkup() {
        guard offset + 1 < input.count else { return mendBareBracket() }
        switch input[offset + 1] {
        case UInt8(ascii: "!"): mendDeclaration()
        case UInt8(ascii: "?"): skip(through: "?>", from: offset + 2, whatItIs: "a processing instruction")
        case UInt8(ascii: "/"): mendEndTag()
        case let byte where byte.isNameStart: mendStartTag()
        default: mendBareBracket()
        }
    }

    // MARK: - Declarations, comments, CDATA

    mutating func mendDeclaration() {
        if starts(with: "<!--") {
            skip(through: "-->", from: offset + 4, whatItIs: "a comment")
        } else if starts(with: "<![CDATA[") {
            copyCDATA()
        } else if offset + 2 < input.count, input[offset + 2].isNameStart {
            skipDocumentType()
        } else {
            mendBareBracket()
        }
    }

    mutating func copyCDATA() {
        let end = find("]]>", from: offset + 9)
        if end == nil { note("a CDATA section has no end") }
        output += "<![CDATA[".utf8
        offset += 9
        while offset < end ?? input.count { copyByte() }
        offset = min(offset + 3, input.count)
        output += "]]>".utf8
    }

    mutating func skipDocumentType() {
        var brackets = 0
        var quote: UInt8?
        while offset < input.count {
            let byte = input[offset]
            keepNewline(byte)
            offset += 1
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "["): brackets += 1
            case UInt8(ascii: "]"): brackets -= 1
            case UInt8(ascii: ">") where brackets <= 0: return
            default: break
            }
        }
        note("a document type has no end")
    }

    mutating func skip(through end: StaticString, from start: Int, whatItIs: String) {
        guard !missingEnds.contains("\(end)"), let found = find(end, from: start) else {
            missingEnds.insert("\(end)")
            note("\(whatItIs) has no end")
            mendBareBracket()
            return
        }
        while offset < found + end.utf8CodeUnitCount {
            keepNewline(input[offset])
            offset += 1
        }
    }

    // MARK: - Text

    mutating func copyText() {
        let byte = input[offset]
        guard hasElement || byte.isMarkupSpace else {
            note("there is text before the first element")
            while offset < input.count, input[offset] != UInt8(ascii: "<") {
                keepNewline(input[offset])
                offset += 1
            }
            return
        }
        guard hasElement else {
            keepNewline(byte)
            offset += 1
            return
        }
        copyByte()
    }

    mutating func mendBareBracket() {
        if hasElement {
            note("a \"<\" is not the start of a tag")
            append("&lt;")
        } else {
            note("there is text before the first element")
            offset += 1
        }
    }

    /// Copies a reference that XML knows, decodes one that HTML knows, and makes text of any other.
    mutating func mendAmpersand() {
        guard hasElement else {
            offset += 1
            return
        }
        let limit = min(offset + 34, input.count)
        guard let end = input[offset..<limit].firstIndex(of: UInt8(ascii: ";")), end > offset + 1 else {
            note("a \"&\" is not the start of an entity")
            return append("&amp;")
        }
        let name = input[(offset + 1)..<end]
        if name.first == UInt8(ascii: "#") {
            mendCharacterReference(name.dropFirst(), end: end)
        } else if ["amp", "lt", "gt", "quot", "apos"].contains(where: { name.elementsEqual($0.utf8) }) {
            output += input[offset...end]
            offset = end + 1
        } else if let codePoint = EntityNames.codePoint(of: name) {
            output += "&#\(codePoint);".utf8
            offset = end + 1
        } else {
            note("an entity is not known: &\(String(decoding: name, as: UTF8.self));")
            append("&amp;")
        }
    }

    mutating func mendCharacterReference(_ digits: ArraySlice<UInt8>, end: Int) {
        let isHexadecimal = digits.first.map { $0 | 0x20 } == UInt8(ascii: "x")
        let text = String(decoding: isHexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
        guard let number = UInt32(text, radix: isHexadecimal ? 16 : 10) else {
            note("a character reference has no number")
            return append("&amp;")
        }
        offset = end + 1
        if let scalar = Unicode.Scalar(number), scalar.isAllowedInXML {
            output += "&#\(number);".utf8
        } else {
            note("a character is not allowed: number \(number)")
        }
    }

    // MARK: - Bytes

    /// Copies one byte, unless it belongs to a character that XML 1.0 §2.2 forbids.
    mutating func copyByte() {
        let byte = input[offset]
        if byte < 0x20, !byte.isMarkupSpace {
            note("a control character is not allowed: number \(byte)")
            offset += 1
        } else if byte == 0xEF, offset + 2 < input.count, input[offset + 1] == 0xBF, input[offset + 2] >= 0xBE {
            note("a character is not allowed: U+FFFE or U+FFFF")
            offset += 3
        } else {
            output.append(byte)
            offset += 1
        }
    }

    /// Writes this in place of the byte at the offset.
    mutating func append(_ replacement: StaticString) {
        replacement.withUTF8Buffer { output.append(contentsOf: $0) }
        offset += 1
    }

    mutating func keepNewline(_ byte: UInt8) {
        if byte == UInt8(ascii: "\n") { output.append(byte) }
    }

    mutating func skipSpace() {
        while offset < input.count, input[offset].isMarkupSpace || input[offset] < 0x20 {
            keepNewline(input[offset])
            offset += 1
        }
    }

    func nameRange(from start: Int) -> Range<Int> {
        guard start < input.count, input[start].isNameStart else { return start..<start }
        return start..<(input[start...].firstIndex { !$0.isNameByte } ?? input.count)
    }

    func starts(with prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { input[offset...].starts(with: $0) }
    }

    func find(_ text: StaticString, from start: Int) -> Int? {
        guard start < input.count else { return nil }
        return text.withUTF8Buffer { wanted in
            var index = start
            while let found = input[index...].firstIndex(of: wanted[0]) {
                if input[found...].starts(with: wanted) { return found }
                index = found + 1
            }
            return nil
        }
    }

    mutating func note(_ message: String, at position: Int? = nil) {
        guard fault == nil else { return }
        let line = 1 + input[..<min(position ?? offset, input.count)].count { $0 == UInt8(ascii: "\n") }
        fault = MarkupFault(line: line, message: message)
    }
}
