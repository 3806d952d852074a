import AdapterKit
import Testing
import Transport

@Suite struct LocalRequestTests {
    static let admitted: [HTTPFields] = [
        ["Host": "localhost:8025"], ["Host": "127.0.0.1"], ["Host": "[::1]:8025"], ["Host": "127.3.2.1"],
        ["Host": "localhost:8025", "Origin": "http://localhost:8025"],
        ["Host": "LOCALHOST:8025", "Origin": "http://localhost:8025"],
        ["Host": "localhost", "Sec-Fetch-Site": "same-origin"], ["Host": "localhost", "Sec-Fetch-Site": "none"],
    ]

    @Test("a program of this machine passes as one", arguments: admitted)
    func local(headers: HTTPFields) throws {
        #expect(try request(headers, from: "127.0.0.1:40000").localFault == nil)
        #expect(try request(headers, from: "[::1]:40000").localFault == nil)
    }

    @Test("under TLS the page's own origin is https, and http is another one")
    func secure() throws {
        var request = try request(
            ["Host": "localhost:8443", "Origin": "https://localhost:8443"], from: "127.0.0.1:40000")
        #expect(request.localFault != nil)
        request.head.isSecure = true
        #expect(request.localFault == nil)
        request.head.headers["origin"] = "http://localhost:8443"
        #expect(request.localFault != nil)
    }

    static let strangers: [(HTTPFields, String)] = [
        ([:], "addressed to localhost"),
        (["Host": "hq.example"], "addressed to localhost"),
        (["Host": "127.0.0.1.hq.example"], "addressed to localhost"),
        (["Host": "localhost.hq.example:8025"], "addressed to localhost"),
        (["Host": "localhost:8025", "Origin": "http://localhost:9000"], "another origin"),
        (["Host": "localhost:8025", "Origin": "https://localhost:8025"], "another origin"),
        (["Host": "localhost:8025", "Origin": "null"], "another origin"),
        (["Host": "localhost", "Sec-Fetch-Site": "cross-site"], "another site"),
        (["Host": "localhost", "X-Forwarded-For": "127.0.0.1"], "x-forwarded-for"),
        (["Host": "localhost", "Forwarded": "for=127.0.0.1"], "forwarded"),
        (["Host": "localhost", "X-Real-IP": "127.0.0.1"], "x-real-ip"),
    ]

    @Test("what a browser may do for a stranger's page, and what a proxy passes on, is not", arguments: strangers)
    func strange(headers: HTTPFields, words: String) throws {
        let fault = try #require(try request(headers, from: "127.0.0.1:40000").localFault)
        #expect(fault.contains(words), "\(fault)")
    }

    @Test(
        "another machine is not this one, whatever it says",
        arguments: ["192.0.2.1:9", "10.0.0.1:9", "[2001:db8::1]:9"])
    func remote(address: String) throws {
        let fault = try #require(try request(["Host": "localhost"], from: address).localFault)
        #expect(fault.contains("only programs of this machine"))
    }

    @Test("a Unix socket needs no headers: who can open it is let in")
    func socket() throws {
        #expect(try request(["Host": "hq.example"], from: "unix:/run/control.sock").localFault == nil)
    }

    private func request(_ headers: HTTPFields, from address: String) throws -> HTTPRequest {
        HTTPRequest(
            head: try HTTPRequestHead(
                method: .get, target: "/", headers: headers, remoteAddress: try SocketAddress(address)))
    }
}
