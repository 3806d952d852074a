/// Tells what a line of a mail is, or what several are together.
enum QuoteLine {
    /// The most characters of a line that says who wrote what follows, and the most lines it is broken into.
    static let (attributionLength, attributionLines) = (300, 3)

    /// Whether the line is quoted.
    static func isQuoted(_ line: Substring) -> Bool { line.first == ">" }

    static func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }

    /// Whether the line stands above the message that is answered, as in `-----Original Message-----`.
    static func isSeparator(_ line: Substring) -> Bool {
        let isDash: (Character) -> Bool = { "-—–_=*\\ ".contains($0) }
        guard line.count <= 100, let first = line.first, "-—–_=*\\".contains(first) else { return false }
        let dashes = line.prefix(while: isDash).count { "-—–_=".contains($0) }
        let text = line.trimmed(while: isDash).lowercased()
        return dashes >= 2 && MailPhrases.separators.contains(text)
    }

    /// Whether the line parts the answer from what follows, so that it goes with it.
    static func isRule(_ line: Substring) -> Bool {
        let marks = line.filter { $0 != " " && $0 != "\\" }
        return marks.count >= 3 && marks.allSatisfy { $0 == marks.first } && "-_*".contains(marks.first ?? " ")
    }

    /// Whether the lines from here on are the header fields of the message that is answered.
    static func isHeader(_ lines: ArraySlice<Substring>) -> Bool {
        guard let first = lines.first, let name = fieldName(first), MailPhrases.from.contains(name) else {
            return false
        }
        let fields = lines.dropFirst().prefix(8).filter { !isBlank($0) }.prefix(5).compactMap(fieldName)
        return fields.count { MailPhrases.fields.contains($0) } >= 2
    }

    /// The name before the colon, without what makes it bold.
    private static func fieldName(_ line: Substring) -> String? {
        let end = line.prefix(40).firstIndex { $0 == ":" || $0 == "：" }
        guard let end else { return nil }
        return line[..<end].trimmed { "*_ \u{A0}\t".contains($0) }.lowercased()
    }

    // MARK: Who wrote

    /// How surely a line says who wrote what follows.
    enum Attribution {
        /// It might also be a sentence.
        case weak
        /// It begins as such lines do, and has a time or an address in it.
        case strong
    }

    /// How many of the lines from here on say together who wrote what follows.
    static func attribution(_ lines: ArraySlice<Substring>) -> (count: Int, strength: Attribution)? {
        var joined = ""
        for (index, line) in lines.prefix(attributionLines).enumerated() {
            guard !isBlank(line), !isQuoted(line), joined.count + line.count <= attributionLength else { return nil }
            joined += (joined.isEmpty ? "" : " ") + line
            if let strength = strength(joined) { return (index + 1, strength) }
        }
        return nil
    }

    private static func strength(_ text: String) -> Attribution? {
        let line = text[...].trimmed { $0.isWhitespace || "*_".contains($0) }
        guard line.last == ":" || line.last == "：" else { return nil }
        let body = line.dropLast().trimmed(while: \.isWhitespace).lowercased()
        guard body.contains(where: { $0.isNumber || $0 == "@" }) else { return nil }
        for (starts, verbs) in MailPhrases.attributions where verbs.contains(where: { body.contains($0) }) {
            // The verb stands at the end, or a name follows it.
            let tail = body.suffix(80)
            guard verbs.contains(where: { tail.contains($0) }) else { continue }
            let begins = starts.isEmpty || starts.contains(where: { body.hasPrefix($0) })
            return begins && (body.contains("@") || hasTime(body)) ? .strong : .weak
        }
        return nil
    }

    private static func hasTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.dropFirst().dropLast().contains { index in
            (bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: ".")) && bytes[index - 1].isDigit
                && bytes[index + 1].isDigit
        }
    }

    // MARK: Signatures

    /// Whether the line begins a signature (RFC 3676 §4.3), or does so but for the space that programs take away.
    static func isSignatureStart(_ line: Substring) -> Bool {
        line.filter { $0 != "\\" }.trimmed(while: \.isWhitespace) == "--" && line.count <= 5
    }

    /// Whether a phone wrote the line.
    static func isDevice(_ line: Substring) -> Bool {
        let text = line.trimmed { $0.isWhitespace || "*_[".contains($0) }.lowercased()
        return text.count <= 100 && MailPhrases.devices.contains { text.hasPrefix($0) }
    }
}

extension StringProtocol {
    /// The text without such characters at both ends.
    func trimmed(while isPart: (Character) -> Bool) -> SubSequence {
        var text = self[...]
        while let first = text.first, isPart(first) { text = text.dropFirst() }
        while let last = text.last, isPart(last) { text = text.dropLast() }
        return text
    }
}
