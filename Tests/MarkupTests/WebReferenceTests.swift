import Testing

@testable import Markup

@Suite("Web references")
struct WebReferenceTests {
    @Test(
        "a reference is resolved as RFC 3986 §5.4 says",
        arguments: [
            ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"), ("g;x", "http://a/b/c/g;x"), ("..", "http://a/b/"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
        ])
    func rfc3986(_ reference: String, _ expected: String) {
        #expect(WebReference.resolve(reference, against: "http://a/b/c/d;p?q") == expected)
    }

    @Test("what no reference may hold is escaped, and white space around it goes")
    func escaping() {
        #expect(WebReference.resolve(" /a b/é\n", against: "https://x.example/") == "https://x.example/a%20b/%C3%A9")
        #expect(WebReference.escaped("https://x.example/%20?q=\"") == "https://x.example/%20?q=%22")
    }

    @Test(
        "a scheme is letters, digits, + - . before the first colon",
        arguments: [
            ("HTTPS://x", "https"), ("mailto:a", "mailto"), ("a/b:c", nil), ("1a:b", nil), (":x", nil), ("x", nil),
        ]
            as [(String, String?)])
    func scheme(_ reference: String, _ scheme: String?) {
        #expect(WebReference.scheme(of: reference) == scheme)
    }
}
