/// A message or a part of one, with the parts in it (RFC 2046 §5).
///
/// The tree is split here and not by GMime, whose parser knows no limit of depth, parts or fields; GMime reads every value.
struct MIMEEntity: Sendable {
    /// The header.
    var header: HeaderFields
    /// What the body is.
    var contentType: ContentType
    /// How it is to be shown.
    var disposition: ContentDisposition?
    /// Header and body as they came.
    var source: ArraySlice<UInt8>
    /// The body as it came, encoded.
    var body: ArraySlice<UInt8>
    /// The parts of a multipart.
    var children: [MIMEEntity] = []

    /// The body with its encoding undone.
    func decodedBody() -> [UInt8] {
        guard let encoding = header["content-transfer-encoding"] else { return Array(body) }
        let name = String(decoding: encoding.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
        return TransferEncoding(named: name.trimmed).decode(body)
    }

    /// The file's name that the sender gave, fit to be one: no folders, no control characters, at most 255 bytes.
    var fileName: String? {
        let given = disposition?.parameters["filename"] ?? contentType.parameters["name"]
        // Encoded words have no place in parameters, and half of the world's programs put them there.
        return given.flatMap { FileName.cleaned($0.contains("=?") ? GMimeSyntax.decodedText($0.utf8) : $0) }
    }

    /// The text of the part as Unicode, its lines ended with LF.
    func text() -> String {
        MailText.decoded(decodedBody(), charset: contentType.parameters["charset"])
    }
}
