import COpenSSL

/// A file held in memory, such as a page that is part of the program: compressed once, with a tag of its content.
public struct StaticResource: Sendable {
    private let representations: [(coding: ContentCoding, content: HTTPContent)]

    /// Prepares a resource; with another `cacheControl` than `no-cache` browsers do not ask again each time.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - name: The file's name, by which its type is found.
    ///   - cacheControl: The value of `Cache-Control`.
    ///   - headers: More header fields.
    public init(
        _ bytes: [UInt8], name: String, cacheControl: String = "no-cache", headers: HTTPFields = HTTPFields()
    ) {
        let type = MediaTypes.type(ofFile: name)
        let tag = Self.digest(of: bytes).map { EntityTag($0) }
        var shared = headers
        shared["Cache-Control"] = cacheControl
        let isCompressible = MediaTypes.isCompressible(type)
        if isCompressible { shared.addVary("Accept-Encoding") }
        var representations = [
            (
                ContentCoding.identity,
                HTTPContent(.bytes(bytes), mediaType: type, tag: tag, headers: shared)
            )
        ]
        for coding in [ContentCoding.gzip, .brotli] where isCompressible {
            guard let coded = Compression.compress(bytes, coding) else { continue }
            var content = HTTPContent(.bytes(coded), mediaType: type, tag: tag?.coded(coding), headers: shared)
            content.headers["Content-Encoding"] = coding.rawValue
            representations.append((coding, content))
        }
        self.representations = representations
    }

    /// The answer to a `GET` or `HEAD`.
    public func response(to request: HTTPRequest) -> HTTPResponse {
        let best = ContentCoding.best(of: representations.map(\.coding), for: request.headers)
        let chosen = representations.first { $0.coding == best } ?? representations[0]
        return .content(chosen.content, for: request)
    }

    /// The first half of the SHA-256 digest in hexadecimal digits; nil when OpenSSL has no memory for it.
    private static func digest(of bytes: [UInt8]) -> String? {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        guard EVP_Q_digest(nil, "SHA256", nil, bytes, bytes.count, &digest, nil) == 1 else { return nil }
        return digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
