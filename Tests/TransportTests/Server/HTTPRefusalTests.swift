import Testing
import Transport

@Suite struct HTTPRefusalTests {
    /// A request that must be refused: what is wrong with it, its bytes after the request line, and the status.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let status: String

        init(_ name: String, _ request: String, _ status: String = "400") {
            testDescription = name
            self.request = request
            self.status = status
        }
    }

    private static let chunked = "Transfer-Encoding: chunked\r\n"

    static let smuggling = [
        Case("both framings", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\(chunked)\r\n0\r\n\r\n"),
        Case("two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        Case("a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc"),
        Case("a signed length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc"),
        Case("a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc"),
        Case("a huge length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        Case("an unknown coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"),
        Case("chunked twice", "POST / HTTP/1.1\r\nHost: x\r\n\(chunked)\(chunked)\r\n0\r\n\r\n"),
        Case("an almost chunked coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n", "501"),
        Case("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nHost: x\r\n\(chunked)\r\n0\r\n\r\n"),
        Case("a folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
        Case("a line folded by a tab", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n"),
        Case("a bare carriage return", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n"),
        Case("a bare line feed", "GET / HTTP/1.1\nHost: x\n\n"),
        Case("a zero byte", "GET / HTTP/1.1\r\nHost: x\r\nA: b\u{0}\r\n\r\n"),
        Case("a control character", "GET / HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n"),
        Case("a space before the colon", "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"),
        Case("a field without a name", "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"),
        Case("a field without a colon", "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n"),
        Case("a bad chunk size", "POST / HTTP/1.1\r\nHost: x\r\n\(chunked)\r\nzz\r\n\r\n"),
        Case("a chunk longer than it says", "POST / HTTP/1.1\r\nHost: x\r\n\(chunked)\r\n1\r\nabc\r\n0\r\n\r\n"),
        Case("a chunk line ended by a line feed", "POST / HTTP/1.1\r\nHost: x\r\n\(chunked)\r\n1\na\r\n0\r\n\r\n"),
        Case("a chunk size that overflows", "POST / HTTP/1.1\r\nHost: x\r\n\(chunked)\r\nfffffffffffffffff\r\n\r\n"),
    ]

    static let malformed = [
        Case("no host", "GET / HTTP/1.1\r\n\r\n"),
        Case("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
        Case("another version", "GET / HTTP/3.7\r\nHost: x\r\n\r\n"),
        Case("no HTTP", "EHLO example.org\r\n\r\n"),
        Case("a TLS hello", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n"),
        Case("an unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a target without a slash", "GET x HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a fragment", "GET /#a HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a broken escape", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("an escape that is no UTF-8", "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("an escaped zero", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a way up", "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("an escaped way up", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a tunnel", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ]

    @Test("what another parser may read differently is refused and the connection closed", arguments: smuggling)
    func refusesSmuggling(_ example: Case) async throws {
        let answer = try await exchange(example.request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer.statuses == [example.status])
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(answer.contains("\r\nContent-Type: application/problem+json\r\n"))
    }

    @Test("what is no proper request is refused", arguments: malformed)
    func refusesMalformed(_ example: Case) async throws {
        let answer = try await exchange(example.request)
        #expect(["400", "505"].contains(answer.statuses.first))
        #expect(answer.statuses.count == 1)
    }
}
