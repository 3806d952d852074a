/// One piece of a message.
public struct Part: Sendable, Hashable {
    /// What it is to a person.
    public var type: PartType
    /// Its media type, as in `image/png`; `nil` when nobody said.
    public var mediaType: String?
    /// What a person would call the file.
    public var name: String?
    /// What is in it.
    public var content: PartContent

    /// Creates a part.
    public init(type: PartType, mediaType: String? = nil, name: String? = nil, content: PartContent) {
        self.type = type
        self.mediaType = mediaType
        self.name = name
        self.content = content
    }

    /// Creates a part of text.
    public static func text(_ text: String, format: TextFormat = .plain) -> Part {
        Part(type: .text, content: .text(text, format: format))
    }
}

/// What a part is to a person.
public enum PartType: String, Sendable, CaseIterable {
    /// Words.
    case text
    /// A picture.
    case image
    /// Sound.
    case audio
    /// Moving pictures.
    case video
    /// A file.
    case file
    /// A sticker of a platform.
    case sticker
    /// A place on earth, as JSON.
    case location
    /// JSON for machines.
    case data

    /// The type that fits a media type: `image/png` is an image, `application/pdf` a file.
    public init(mediaType: String) {
        switch mediaType.lowercased().prefix(while: { $0 != "/" }) {
        case "image": self = .image
        case "audio": self = .audio
        case "video": self = .video
        default: self = .file
        }
    }
}

/// How the text of a part is to be read.
public enum TextFormat: String, Sendable, CaseIterable {
    /// As it stands.
    case plain
    /// CommonMark with GitHub's extensions: the common tongue.
    case markdown
    /// HTML.
    case html
}

/// What is in a part.
public enum PartContent: Sendable, Hashable {
    /// Text.
    case text(String, format: TextFormat)
    /// Up to 64 KiB of bytes, inline.
    case bytes([UInt8])
    /// A JSON value, for the types `location` and `data`.
    case value(JSON)
    /// Bytes in the blob store.
    case blob(BlobReference)
}

/// A claim check: bytes that lie in the blob store under their digest.
public struct BlobReference: Sendable, Hashable {
    /// The most bytes that a part carries inline; what is larger goes to the blob store.
    public static let inlineLimit = 65_536

    /// The SHA-256 of the bytes, as 64 hexadecimal digits in lower case.
    public let digest: String
    /// The number of bytes.
    public let size: Int

    /// Creates a reference.
    ///
    /// - Throws: ``MessageError/badField(path:reason:)`` when the digest or the size cannot be one.
    public init(digest: String, size: Int) throws(MessageError) {
        guard digest.utf8.count == 64,
            digest.utf8.allSatisfy({
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            })
        else { throw .badField(path: "sha256", reason: "expected 64 hexadecimal digits in lower case") }
        guard size >= 0 else { throw .badField(path: "size", reason: "expected a number of bytes") }
        self.digest = digest
        self.size = size
    }
}
