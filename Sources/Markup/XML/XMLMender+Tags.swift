extension XMLMender {
    mutating func mendStartTag() {
        let name = nameRange(from: offset + 1)
        hasElement = true
        output.append(UInt8(ascii: "<"))
        output += input[name]
        offset = name.upperBound
        while true {
            skipSpace()
            guard offset < input.count, input[offset] != UInt8(ascii: "<") else {
                note("a tag has no \">\"")
                break
            }
            if input[offset] == UInt8(ascii: ">") {
                offset += 1
                break
            }
            if input[offset] == UInt8(ascii: "/"), offset + 1 < input.count, input[offset + 1] == UInt8(ascii: ">") {
                offset += 2
                output += "/>".utf8
                return
            }
            mendAttribute()
        }
        output.append(UInt8(ascii: ">"))
        open.append(name)
    }

    mutating func mendEndTag() {
        let name = nameRange(from: offset + 2)
        let start = offset
        offset = name.upperBound
        while offset < input.count, input[offset] != UInt8(ascii: ">"), input[offset] != UInt8(ascii: "<") {
            keepNewline(input[offset])
            offset += 1
        }
        if offset < input.count, input[offset] == UInt8(ascii: ">") { offset += 1 }
        // Deeper than the parser goes there is nothing to find, and a hostile document could make us search for long.
        guard let depth = open.suffix(160).lastIndex(where: { input[$0].elementsEqual(input[name]) }) else {
            note("an end tag closes nothing: </\(String(decoding: input[name].prefix(40), as: UTF8.self))>", at: start)
            return
        }
        if depth != open.count - 1 {
            let unclosed = String(decoding: input[open[open.count - 1]].prefix(40), as: UTF8.self)
            note("<\(unclosed)> is not closed", at: start)
        }
        while open.count > depth {
            output += "</".utf8
            output += input[open.removeLast()]
            output.append(UInt8(ascii: ">"))
        }
    }

    private mutating func mendAttribute() {
        let name = nameRange(from: offset)
        guard !name.isEmpty else {
            note("a tag holds something that is no attribute")
            keepNewline(input[offset])
            offset += 1
            return
        }
        offset = name.upperBound
        output.append(UInt8(ascii: " "))
        output += input[name]
        output += "=\"".utf8
        skipSpace()
        if offset < input.count, input[offset] == UInt8(ascii: "=") {
            offset += 1
            skipSpace()
            mendAttributeValue()
        } else {
            note("an attribute has no value")
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func mendAttributeValue() {
        guard offset < input.count else { return }
        let quote = input[offset]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        if isQuoted { offset += 1 } else { note("an attribute's value has no quotes") }
        while offset < input.count {
            let byte = input[offset]
            if isQuoted ? byte == quote : (byte == UInt8(ascii: ">") || byte.isMarkupSpace) { break }
            switch byte {
            case UInt8(ascii: "&"): mendAmpersand()
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: "\""): append("&quot;")
            default: copyByte()
            }
        }
        if isQuoted, offset < input.count { offset += 1 }
    }
}
