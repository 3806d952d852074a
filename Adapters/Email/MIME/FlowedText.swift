/// Joins the lines of `format=flowed` text to the paragraphs they were (RFC 3676 §4).
enum FlowedText {
    /// The text, its lines ended with LF, with soft line breaks taken out, and with `delsp=yes` the space before them.
    static func unwrapped(_ text: String, deletesSpace: Bool) -> String {
        var result: [String] = []
        var open: (depth: Int, text: String)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let depth = line.prefix { $0 == ">" }.count
            var content = line.dropFirst(depth)
            if content.first == " " { content = content.dropFirst() }
            // The signature's line is never flowed, though it ends with a space (§4.3).
            let isSoft = content.hasSuffix(" ") && content != "-- "
            if let paragraph = open, paragraph.depth != depth || content == "-- " {
                result.append(shown(paragraph))
                open = nil
            }
            var joined = open?.text ?? ""
            joined += isSoft && deletesSpace ? content.dropLast() : content
            if isSoft {
                open = (depth, joined)
            } else {
                result.append(shown((depth, joined)))
                open = nil
            }
        }
        if let open { result.append(shown(open)) }
        return result.joined(separator: "\n")
    }

    private static func shown(_ paragraph: (depth: Int, text: String)) -> String {
        paragraph.depth == 0
            ? paragraph.text : String(repeating: ">", count: paragraph.depth) + " " + paragraph.text
    }
}
