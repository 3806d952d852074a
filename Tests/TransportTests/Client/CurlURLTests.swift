import Testing

@testable import Transport

struct CurlURLTests {
    @Test(
        "a host is what it would be read as again, however it was written",
        arguments: [
            ("http://%307063070", "0.28.102.56"), ("http://017700000001/", "127.0.0.1"),
            ("http://%3017700000001/", "127.0.0.1"), ("http://１２７.1/", "127.0.0.1"),
            ("http://%3%366/", "0.0.0.66"), ("http://7days/", "7days"), ("http://4u.example/", "4u.example"),
            ("http://1.2.3.4.example/", "1.2.3.4.example"),
            ("http://EXAMPLE.org/", "example.org"), ("http://[::1]/", "::1"),
        ])
    func canonical(text: String, host: String) throws {
        let url = try #require(CurlURL(text))
        #expect(url.host == host)
        #expect(CurlURL(url.text)?.host == host)
    }

    @Test(
        "a host that hides a control character or a space is none",
        arguments: ["http://h.%7f.p/", "http://a%20b/", "http://a%0d%0ab/", "http://a%01b/"])
    func control(text: String) {
        #expect(CurlURL(text) == nil)
    }
}
