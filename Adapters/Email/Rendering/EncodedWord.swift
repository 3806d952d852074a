import Crypto

/// Writes text where a header has only ASCII (RFC 2047).
enum EncodedWord {
    /// The most bytes of text in one word: 75 characters less the marks, in base64.
    private static let maximumBytes = 45

    /// Whether text can stand in a header as it is: printable ASCII, nothing that looks like an encoded word, no word that
    /// could not be folded.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
            && text.split(separator: " ").allSatisfy { $0.utf8.count <= 200 }
    }

    /// The text as encoded words of at most 75 characters, each with whole characters.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var piece = ""
        for scalar in text.unicodeScalars {
            if piece.utf8.count + UTF8.width(scalar) > maximumBytes {
                words.append(word(piece))
                piece = ""
            }
            piece.unicodeScalars.append(scalar)
        }
        if !piece.isEmpty { words.append(word(piece)) }
        return words
    }

    private static func word(_ text: String) -> String {
        "=?UTF-8?B?\(Base64.standard.encode(Array(text.utf8)))?="
    }
}
