public import Messages

extension Envelope {
    /// Puts the bytes of files in the place of claim checks, for receivers that cannot reach the blob store; those that
    /// would make the message larger than the limit stay claim checks.
    ///
    /// - Returns: Whether all were filled in.
    @discardableResult
    public mutating func fillInBlobs(from blobs: any BlobStore, limit: Int) async throws -> Bool {
        var room = limit
        var isWhole = true
        for index in parts.indices {
            guard case .blob(let blob) = parts[index].content else { continue }
            guard blob.size <= room else {
                isWhole = false
                continue
            }
            room -= blob.size
            parts[index].content = parts[index].content(of: try await blobs.read(blob))
        }
        return isWhole
    }
}

extension Part {
    /// What a claim check stood for: words are words again, everything else is bytes.
    fileprivate func content(of bytes: [UInt8]) -> PartContent {
        guard type == .text, let text = String(validating: bytes, as: UTF8.self) else { return .bytes(bytes) }
        switch mediaType {
        case "text/markdown": return .text(text, format: .markdown)
        case "text/html": return .text(text, format: .html)
        default: return .text(text, format: .plain)
        }
    }
}
