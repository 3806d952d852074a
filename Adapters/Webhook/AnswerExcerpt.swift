import Configuration

/// What an endpoint says in an answer that is no success: enough for whoever reads the trace to know what it wants.
struct AnswerExcerpt: Sendable, Hashable {
    /// The most characters that are kept.
    static let maximumLength = 200
    /// The most bytes that are looked at; as many characters of any script are within them.
    private static let maximumBytes = 2_048
    /// Shorter words are in every text; nobody has such a secret.
    private static let minimumSecretLength = 6

    /// The words of the answer in one line.
    let text: String

    /// Reads the body of an answer; `nil` when it is empty, or no plain text and no JSON.
    ///
    /// Some endpoints send back what they got. The secrets of the request are masked (I9); where a cut may have gone through
    /// one nothing is told.
    init?(body: [UInt8], mediaType: String?, secrets: [String]) {
        guard !body.isEmpty, Self.isReadable(mediaType) else { return nil }
        let said = Self.oneLine(String(decoding: body.prefix(Self.maximumBytes), as: UTF8.self))
        let masked = Self.words(of: secrets).reduce(said) { $0.replacing($1, with: Secret.mask) }
        guard !masked.isEmpty, masked == said || body.count <= Self.maximumBytes else { return nil }
        let kept = masked.unicodeScalars.prefix(Self.maximumLength)
        text = String(kept) + (kept.count < masked.unicodeScalars.count ? "…" : "")
    }

    /// An error page in HTML begins with what nobody wants to read.
    private static func isReadable(_ mediaType: String?) -> Bool {
        guard let mediaType else { return true }
        let type = mediaType.prefix { $0 != ";" && $0 != " " }.lowercased()
        return type == "text/plain" || type == "application/json" || type.hasSuffix("+json")
    }

    private static func oneLine(_ text: String) -> String {
        let words = text.unicodeScalars.split { scalar in
            scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        }
        return words.map(String.init).joined(separator: " ")
    }

    /// The values whole and their words, the longest first: of `Bearer x` an endpoint may send back the `x` alone.
    private static func words(of secrets: [String]) -> [String] {
        let words = secrets + secrets.flatMap { $0.split(separator: " ").map(String.init) }
        return Set(words.filter { $0.utf8.count >= minimumSecretLength }).sorted { ($1.count, $0) < ($0.count, $1) }
    }
}
