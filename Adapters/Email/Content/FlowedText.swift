/// Joins the lines of `format=flowed` text to the paragraphs they were (RFC 3676 §4).
enum FlowedText {
    /// The text, its lines ended with LF, with soft line breaks taken out, and with `delsp=yes` the space before them.
    static func unwrapped(_ text: String, deletesSpace: Bool) -> String {
        var result = ""
        /// The quote depth of the paragraph whose last line ended softly.
        var open: Int?
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let depth = line.prefix { $0 == UInt8(ascii: ">") }.count
            var content = line.dropFirst(depth)
            if content.first == 0x20 { content = content.dropFirst() }
            // The signature's line is never flowed, though it ends with a space (§4.3).
            let isSignature = content.elementsEqual("-- ".utf8)
            let isSoft = content.last == 0x20 && !isSignature
            if open != depth || isSignature {
                if index > 0 { result += "\n" }
                if depth > 0 { result += String(repeating: ">", count: depth) + " " }
            }
            result += String(Substring(isSoft && deletesSpace ? content.dropLast() : content))
            open = isSoft ? depth : nil
        }
        return result
    }
}
