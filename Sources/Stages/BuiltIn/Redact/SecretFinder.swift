/// Finds passwords, keys and tokens: by the beginnings that services give their tokens, by their form, and by the word
/// before them.
enum SecretFinder {
    static func ranges(in text: RedactionText) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < text.count {
            if let range = secret(in: text, at: position) {
                ranges.append(range)
                position = range.upperBound
            } else {
                position += 1
            }
        }
        return ranges
    }

    private static func secret(in text: RedactionText, at position: Int) -> Range<Int>? {
        switch text[position] {
        case UInt8(ascii: "-"): return privateKey(text, position)
        case UInt8(ascii: ":"): return password(inURL: text, position) ?? telegramToken(text, position)
        default: break
        }
        let isStart = !text[position - 1].isTokenByte
        if isStart, let end = tokenEnd(text, position) { return position..<end }
        guard isStart || text[position] == RedactionText.other else { return nil }
        return LabelledSecret.range(in: text, at: position)
    }

    // MARK: Tokens

    /// What tokens begin with, and how many characters follow at least.
    private static let prefixes: [(prefix: String, length: Int)] = [
        ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30), ("github_pat_", 40), ("glpat-", 20),
        ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxr-", 10), ("xoxs-", 10), ("xapp-", 10), ("sk-", 20),
        ("sk_live_", 16), ("sk_test_", 16), ("rk_live_", 16), ("pk_live_", 16), ("AKIA", 16), ("ASIA", 16),
        ("AIza", 35),
        ("npm_", 36), ("pypi-", 50), ("hf_", 30), ("whsec_", 20), ("whsk_", 20), ("dop_v1_", 60), ("shpat_", 32),
        ("syt_", 20), ("tskey-", 20),
    ]

    private static func tokenEnd(_ text: RedactionText, _ start: Int) -> Int? {
        for (prefix, length) in prefixes where text[start] == prefix.utf8.first && text.has(prefix, at: start) {
            let end = text.end(of: { $0.isTokenByte || "+/=.".utf8.contains($0) }, from: start + prefix.utf8.count)
            if end - start - prefix.utf8.count >= length { return trimmed(text, start, end) }
        }
        return webToken(text, start)
    }

    /// A JSON Web Token: three pieces of Base64, the first an object (RFC 7519 §3).
    private static func webToken(_ text: RedactionText, _ start: Int) -> Int? {
        guard text.has("eyJ", at: start) else { return nil }
        var position = start
        for piece in 0..<3 {
            let end = text.end(of: \.isTokenByte, from: position)
            guard end - position >= (piece == 2 ? 0 : 8) else { return nil }
            if piece == 2 { return end }
            guard text[end] == UInt8(ascii: ".") else { return nil }
            position = end + 1
        }
        return nil
    }

    /// The digits of a bot before a colon, and 35 characters behind it.
    private static func telegramToken(_ text: RedactionText, _ colon: Int) -> Range<Int>? {
        var start = colon
        while start > max(0, colon - 11), text[start - 1].isDigit { start -= 1 }
        let end = text.end(of: \.isTokenByte, from: colon + 1)
        guard (8...10).contains(colon - start), end - colon - 1 == 35 else { return nil }
        return colon + 1..<end
    }

    /// A sentence's end is none of the token's.
    private static func trimmed(_ text: RedactionText, _ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return end
    }

    // MARK: Keys and addresses

    /// A private key in the textual encoding of RFC 7468, to its end or the end of the text.
    private static func privateKey(_ text: RedactionText, _ start: Int) -> Range<Int>? {
        guard text.has("-----BEGIN ", at: start) else { return nil }
        let label = text.end(
            of: { $0.isLetterOrDigit || $0 == UInt8(ascii: " ") }, from: start + 11, before: start + 80)
        guard text.has("-----", at: label), text.has("PRIVATE KEY", at: label - 11) else { return nil }
        var position = label + 5
        while position < text.count {
            if text[position] == UInt8(ascii: "-"), text.has("-----END ", at: position) {
                let end = text.end(of: { $0.isLetterOrDigit || $0 == UInt8(ascii: " ") }, from: position + 9)
                return start..<min(text.count, text.has("-----", at: end) ? end + 5 : end)
            }
            position += 1
        }
        return start..<text.count
    }

    /// The password in `scheme://name:password@host` (RFC 3986 §3.2.1).
    private static func password(inURL text: RedactionText, _ colon: Int) -> Range<Int>? {
        guard text.has("://", at: colon) else { return nil }
        let isPart = { (byte: UInt8) in
            byte.isLetterOrDigit || "-._~!$&'()*+,;=%".utf8.contains(byte)
        }
        let name = text.end(of: isPart, from: colon + 3, before: colon + 260)
        guard text[name] == UInt8(ascii: ":") else { return nil }
        let end = text.end(of: { isPart($0) || $0 == UInt8(ascii: ":") }, from: name + 1, before: name + 260)
        guard end > name + 1, text[end] == UInt8(ascii: "@") else { return nil }
        return name + 1..<end
    }
}
