/// One field of a form: its name, and what is known of its content.
public struct MultipartPart: Sendable, Hashable {
    /// The field's name.
    public var name: String
    /// The file's name without the folders in front, at most 255 bytes; nil when the field is no file.
    ///
    /// Empty for a form in which no file was chosen.
    public var fileName: String?
    /// The value of `Content-Type`; nil when there is none, which means text.
    public var mediaType: String?

    /// Creates a description.
    public init(name: String, fileName: String? = nil, mediaType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.mediaType = mediaType
    }

    /// Reads the header fields of a part (RFC 7578 §4).
    init(_ head: ArraySlice<UInt8>) throws(MultipartError) {
        var fields = HTTPFields()
        for line in MultipartPart.lines(of: head) {
            guard let text = String(validating: line, as: UTF8.self) else { throw .malformed("a header is not UTF-8") }
            let pair = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            // A line that begins with a space would be a folded one.
            guard pair.count == 2, pair[0].isHTTPToken else { throw .malformed("a header has no name") }
            let value = pair[1].trimmingHTTPSpace()
            guard value.isHTTPValue else { throw .malformed("a header holds a control character") }
            fields.add(String(pair[0]), String(value))
        }
        guard fields.values("content-disposition").count == 1, let disposition = fields["content-disposition"] else {
            throw .malformed("a part needs one Content-Disposition")
        }
        let (kind, parameters) = try HeaderParameters.read(disposition)
        guard HTTPFields.isEqual(kind, "form-data") else { throw .malformed("a part is no form-data") }
        guard let name = parameters["name"] else { throw .malformed("a part has no name") }
        if let coding = fields["content-transfer-encoding"],
            !["binary", "8bit", "7bit"].contains(where: { HTTPFields.isEqual($0, coding) })
        {
            throw .malformed("a part is coded, which RFC 7578 §4.7 does away with")
        }
        self.name = Self.unescaped(name)
        fileName = parameters["filename"].map(Self.fileName)
        mediaType = fields["content-type"]
    }

    private static func lines(of head: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = head
        while let end = rest.indices.dropLast().first(where: { rest[$0] == 0x0D && rest[$0 + 1] == 0x0A }) {
            lines.append(rest[..<end])
            rest = rest[(end + 2)...]
        }
        if !rest.isEmpty { lines.append(rest) }
        return lines
    }

    /// Browsers write a quote and the ends of lines as these (HTML standard, "multipart/form-data encoding algorithm").
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var result = ""
        var rest = text[...]
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[percent...]
            switch rest.prefix(3).lowercased() {
            case "%22": result += "\""
            case "%0d": result += "\r"
            case "%0a": result += "\n"
            default:
                result += "%"
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(3)
        }
        return result + rest
    }

    /// A name says nothing of where a file may be put: folders and control characters are dropped.
    private static func fileName(_ text: String) -> String {
        let last = unescaped(text).split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? ""
        var name = ""
        for scalar in last.unicodeScalars where scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) {
            guard name.utf8.count + UTF8.width(scalar) <= 255 else { break }
            name.unicodeScalars.append(scalar)
        }
        return name == "." || name == ".." ? "" : name
    }
}
