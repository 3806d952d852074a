import Testing

@testable import Webhook

@Suite struct AnswerExcerptTests {
    private func excerpt(_ text: String, _ mediaType: String? = "text/plain", secrets: [String] = []) -> String? {
        AnswerExcerpt(body: Array(text.utf8), mediaType: mediaType, secrets: secrets)?.text
    }

    @Test("what an endpoint says is told in one line that steers no terminal")
    func oneLine() {
        #expect(excerpt("  no such\r\n\tcustomer \u{1B}[31m\n") == "no such customer [31m")
        #expect(excerpt(#"{"error": "maintenance"}"#, "application/problem+json; charset=utf-8") != nil)
        #expect(excerpt("plain", nil) == "plain")
    }

    @Test("a page for a browser, an empty body and blanks tell nothing")
    func nothing() {
        #expect(excerpt("<!DOCTYPE html>", "text/html; charset=utf-8") == nil)
        #expect(excerpt("PNG", "image/png") == nil)
        #expect(excerpt("") == nil && excerpt(" \n\u{0}") == nil)
    }

    @Test("a long answer is cut, whatever its script", arguments: ["a", "信", "👩‍👩‍👧"])
    func cut(character: String) {
        let text = excerpt(String(repeating: character, count: 100_000))
        #expect(text?.last == "…" && (text?.unicodeScalars.count ?? 0) <= AnswerExcerpt.maximumLength + 1)
    }

    @Test("bytes that are no UTF-8 are told as far as they can be")
    func bytes() {
        #expect(AnswerExcerpt(body: [0x61, 0xFF, 0x62], mediaType: nil, secrets: [])?.text == "a\u{FFFD}b")
    }

    @Test("a secret that comes back is masked, also without the word before it")
    func secrets() {
        #expect(excerpt("got Bearer s3cret-token, no", secrets: ["Bearer s3cret-token"]) == "got ***, no")
        #expect(excerpt("bad token: s3cret-token", secrets: ["Bearer s3cret-token"]) == "bad token: ***")
        #expect(excerpt("abcdefgh", secrets: ["abcdef", "abcdefgh"]) == "***", "the longest first")
    }

    @Test("where a cut may have gone through a secret, nothing is told")
    func cutSecret() {
        let secret = String(repeating: "s", count: 1_500)
        #expect(excerpt("\(secret) \(secret)", secrets: [secret]) == nil)
    }
}
