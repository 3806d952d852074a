import AdapterKit
import Messages

extension Envelope {
    /// Moves every part of more than 64 KiB to the blob store, where it lies once under its digest.
    ///
    /// - Throws: What the store says.
    mutating func moveLargeParts(to blobs: any BlobStore) async throws {
        for index in parts.indices {
            guard let bytes = parts[index].largeBytes else { continue }
            if parts[index].mediaType == nil { parts[index].mediaType = parts[index].usualMediaType }
            parts[index].content = .blob(try await blobs.store(bytes))
        }
    }
}

extension Part {
    /// The bytes of the content when they are too many for an envelope.
    fileprivate var largeBytes: [UInt8]? {
        switch content {
        case .bytes(let bytes): bytes.count > BlobReference.inlineLimit ? bytes : nil
        case .text(let text, _): text.utf8.count > BlobReference.inlineLimit ? Array(text.utf8) : nil
        case .value(let value):
            { $0.count > BlobReference.inlineLimit ? $0 : nil }(value.encoded())
        case .blob: nil
        }
    }

    fileprivate var usualMediaType: String? {
        switch content {
        case .text(_, .plain): "text/plain"
        case .text(_, .markdown): "text/markdown"
        case .text(_, .html): "text/html"
        case .value: "application/json"
        case .bytes, .blob: nil
        }
    }
}
