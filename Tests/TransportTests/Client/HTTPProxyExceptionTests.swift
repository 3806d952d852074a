import Testing

@testable import Transport

@Suite struct HTTPProxyExceptionTests {
    @Test(
        "a host is excepted by its name, what is above it, its address or its block",
        arguments: [
            ("*", "anything", true), ("", "a.org", false), ("a.org", "a.org", true), ("a.org", "b.a.org", true),
            (".a.org", "a.org", true), ("*.a.org", "b.a.org", true), ("a.org", "xa.org", false),
            ("A.org", "a.org", true), ("a.org.", "a.org", true), ("a.org", "a.org.", true),
            ("b.org, a.org", "a.org", true), ("b.org a.org", "a.org", true), ("10.1.2.3", "10.1.2.3", true),
            ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("::1", "::1", true), ("[::1]", "::1", true), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false),
            ("2001:db8::/100", "2001:db8::1", true), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("::/0", "8.8.8.8", false),
            ("3.4", "1.2.3.4", false), ("a.org:8080", "a.org", false), ("a.org:80", "a.org", true),
            ("[::1]:80", "::1", true), ("10.1.2.3:81", "10.1.2.3", false),
        ])
    func matches(list: String, host: String, isExcepted: Bool) throws {
        #expect(try HTTPProxyExceptions(list).contains(host: host, port: 80) == isExcepted)
    }

    @Test("what is no host is refused and named", arguments: ["a.org, b/c", "10.0.0.0/33", "http://a", "a_b!, x"])
    func invalid(list: String) {
        #expect(throws: HTTPProxyExceptionError.self) { try HTTPProxyExceptions(list) }
    }
}
