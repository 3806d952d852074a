import Crypto
import Messages

/// Makes the parts of an envelope; what is too large to be carried is put aside for the blob store.
struct MailPartBuilder {
    private(set) var parts: [Part] = []
    private(set) var blobs: [[UInt8]] = []

    mutating func add(_ part: MailPart) throws(MailError) {
        switch part {
        case .text(let text, let format): try addText(text, format)
        case .file(let file):
            parts.append(
                Part(
                    type: PartType(mediaType: file.mediaType), mediaType: file.mediaType, name: file.name,
                    content: try content(file.bytes)))
        }
    }

    /// A text that is too large for an envelope is shown up to the limit and added whole as a file.
    private mutating func addText(_ text: String, _ format: TextFormat) throws(MailError) {
        guard text.utf8.count > BlobReference.inlineLimit else { return parts.append(.text(text, format: format)) }
        let shown = text.cut(toBytes: BlobReference.inlineLimit - 8)
        parts.append(.text("\(shown)…", format: format))
        let isMarkdown = format == .markdown
        parts.append(
            Part(
                type: .file, mediaType: isMarkdown ? "text/markdown" : "text/plain",
                name: isMarkdown ? "message.md" : "message.txt", content: try content(Array(text.utf8))))
    }

    private mutating func content(_ bytes: [UInt8]) throws(MailError) -> PartContent {
        guard bytes.count > BlobReference.inlineLimit else { return .bytes(bytes) }
        do {
            let digest = try SHA256.digest(of: bytes)
            let reference = try BlobReference(digest: digest.hex, size: bytes.count)
            blobs.append(bytes)
            return .blob(reference)
        } catch {
            throw .badEnvelope(reason: "\(error)")
        }
    }
}
