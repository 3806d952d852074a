import AdapterKit
import Messages
import Transport

/// A part of a message as a file: to be downloaded, or to be shown in a frame that can do nothing.
struct PartFile: Sendable {
    /// The media type, `application/octet-stream` when it is unknown or none.
    let mediaType: String
    /// The name to keep it under.
    let name: String
    private let content: Content
    private let tag: EntityTag
    private let isText: Bool

    private enum Content: Sendable {
        case bytes([UInt8])
        case blob(BlobReference, any BlobStore)
    }

    /// What is larger is handed on as it is read.
    private static let memoryLimit = 1_048_576

    /// Fetches the bytes of a part by its number, 0 for the first.
    ///
    /// - Throws: ``InboxRefusal`` with status 404, and what the blob store says.
    init(_ message: InboxMessage, _ number: Int, _ blobs: any BlobStore) async throws {
        guard message.envelope.parts.indices.contains(number) else {
            throw InboxRefusal(.notFound, "the message has no such part")
        }
        let part = message.envelope.parts[number]
        let type: String
        switch part.content {
        case .text(let text, let format):
            content = .bytes(Array(text.utf8))
            type =
                switch format {
                case .plain: "text/plain"
                case .markdown: "text/markdown"
                case .html: "text/html"
                }
        case .bytes(let bytes):
            content = .bytes(bytes)
            type = part.mediaType ?? ""
        case .value(let value):
            content = .bytes(Array(value.indented().utf8))
            type = "application/json"
        case .blob(let blob):
            content = blob.size <= Self.memoryLimit ? .bytes(try await blobs.read(blob)) : .blob(blob, blobs)
            type = part.mediaType ?? ""
        }
        mediaType = Self.isMediaType(type) ? type.lowercased() : "application/octet-stream"
        isText = mediaType.hasPrefix("text/")
        name = part.name ?? "part-\(number)"
        tag = EntityTag("\(message.id)-\(number)")
    }

    /// The file as a download, whatever it is.
    func download(_ request: HTTPRequest) -> HTTPResponse {
        answer(
            request, policy: "sandbox; default-src 'none'",
            disposition: "attachment; filename*=UTF-8''\(Self.encoded(name))")
    }

    /// The file to be shown: text, HTML without scripts and without the network, and pictures; `nil` for all else.
    func view(_ request: HTTPRequest) -> HTTPResponse? {
        let images: Set = ["image/png", "image/jpeg", "image/gif", "image/webp"]
        if mediaType == "text/html" {
            return answer(
                request,
                policy: "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
                disposition: "inline")
        }
        guard images.contains(mediaType) || mediaType == "text/plain" || mediaType == "text/markdown" else {
            return nil
        }
        return answer(request, policy: "sandbox; default-src 'none'; frame-ancestors 'self'", disposition: "inline")
    }

    private func answer(_ request: HTTPRequest, policy: String, disposition: String) -> HTTPResponse {
        // Markdown has no viewer in browsers; it is text.
        let shown = mediaType == "text/markdown" ? "text/plain" : mediaType
        let type = isText ? "\(shown); charset=utf-8" : shown
        var headers: HTTPFields = [
            "Content-Security-Policy": policy, "Content-Disposition": disposition,
            "Cache-Control": "private, max-age=3600",
        ]
        headers.addSafety()
        switch content {
        case .bytes(let bytes):
            return .content(HTTPContent(.bytes(bytes), mediaType: type, tag: tag, headers: headers), for: request)
        case .blob(let blob, let blobs):
            headers.add("Content-Type", type)
            var response = HTTPResponse(
                .ok, headers: headers,
                body: .stream { writer in
                    try await blobs.read(blob) { try await writer.write($0) }
                })
            response.streamLength = blob.size
            return response
        }
    }

    /// Two tokens with a slash between (RFC 9110 §8.3.1), and nothing after them.
    private static func isMediaType(_ text: String) -> Bool {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        return pieces.count == 2 && text.utf8.count <= 100
            && pieces.allSatisfy { piece in
                !piece.isEmpty
                    && piece.utf8.allSatisfy { byte in
                        byte >= 0x30 && byte <= 0x39 || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
                            || "!#$&-^_.+".utf8.contains(byte)
                    }
            }
    }

    /// Percent-encoding of RFC 8187 §3.2.
    private static func encoded(_ name: String) -> String {
        var result = ""
        for byte in name.utf8.prefix(200) {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
