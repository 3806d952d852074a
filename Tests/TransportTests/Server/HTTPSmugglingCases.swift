import Testing

/// A request's bytes and what must come of them.
struct SmugglingCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: String
    let status: String

    /// A request that must be refused.
    init(_ name: String, _ request: String, _ status: String = "400") {
        testDescription = name
        self.request = request
        self.status = status
    }

    /// A request with these fields and this body, beside a proper Host.
    static func post(_ name: String, _ rest: String, _ status: String = "400") -> SmugglingCase {
        SmugglingCase(name, "POST /a HTTP/1.1\r\nHost: x\r\n\(rest)", status)
    }

    /// A request in chunks, with this behind its head.
    static func chunks(_ name: String, _ body: String, _ status: String = "400") -> SmugglingCase {
        post(name, "Transfer-Encoding: chunked\r\n\r\n\(body)", status)
    }

    /// A request without a body that has this between request line and end.
    static func fields(_ name: String, _ fields: String, _ status: String = "400") -> SmugglingCase {
        SmugglingCase(name, "GET /a HTTP/1.1\r\n\(fields)\r\n", status)
    }

    /// A request with this line in front.
    static func line(_ name: String, _ line: String, _ status: String = "400", host: String = "x") -> SmugglingCase {
        SmugglingCase(name, "\(line)\r\nHost: \(host)\r\n\r\n", status)
    }
}

extension SmugglingCase {
    static let lengths: [SmugglingCase] = [
        .post("two different lengths", "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
        .post("two equal lengths", "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        .post("two lengths in other case", "Content-Length: 3\r\ncontent-length: 3\r\n\r\nabc"),
        .post("a list of equal lengths", "Content-Length: 5, 5\r\n\r\nabcde"),
        .post("a list of lengths", "Content-Length: 5,6\r\n\r\nabcde"),
        .post("a plus", "Content-Length: +5\r\n\r\nabcde"),
        .post("a minus", "Content-Length: -1\r\n\r\n"),
        .post("a minus zero", "Content-Length: -0\r\n\r\n"),
        .post("a hexadecimal length", "Content-Length: 0x5\r\n\r\nabcde"),
        .post("a space inside", "Content-Length: 1 0\r\n\r\nabcdefghij"),
        .post("a fraction", "Content-Length: 5.0\r\n\r\nabcde"),
        .post("no number", "Content-Length: five\r\n\r\nabcde"),
        .post("an empty length", "Content-Length:\r\n\r\n"),
        .post("a length of spaces", "Content-Length:  \r\n\r\n"),
        .post("more than 64 bits", "Content-Length: 18446744073709551617\r\n\r\na"),
        .post("a length of other digits", "Content-Length: \u{0663}\r\n\r\nabc"),
        .post("a vertical tab in front", "Content-Length: \u{b}3\r\n\r\nabc"),
        .post("a comma behind", "Content-Length: 3,\r\n\r\nabc"),
    ]

    static let codings: [SmugglingCase] = [
        .post("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .post("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        .post("identity", "Transfer-Encoding: identity\r\n\r\n", "501"),
        .post("identity and a length", "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc"),
        .post("chunked twice in a list", "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        .post("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .post("chunked and identity", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        .post("an almost chunked coding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "501"),
        .post("chunked with a parameter", "Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n", "501"),
        .post("quoted chunked", "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", "501"),
        .post("gzip in front", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"),
        .post("an empty coding", "Transfer-Encoding:\r\n\r\n0\r\n\r\n", "501"),
        .post("a comma in front", "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n", "501"),
        .post("a vertical tab in front of the coding", "Transfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n"),
        .post("a control byte behind the coding", "Transfer-Encoding: chunked\u{1}\r\n\r\n0\r\n\r\n"),
        .post("a folded coding", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        .post("a space before the colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        .post("a tab before the colon", "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
        SmugglingCase(
            "chunks in HTTP/1.0", "POST /a HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ]

    static let lines: [SmugglingCase] = [
        .fields("a line feed ends a line", "Host: x\nA: b\r\n"),
        .fields("a carriage return ends a line", "Host: x\rA: b\r\n"),
        .fields("a carriage return in a name", "Host: x\r\nA\rB: c\r\n"),
        .fields("a line feed in a name", "Host: x\r\nA\nB: c\r\n"),
        .fields("two carriage returns", "Host: x\r\r\n"),
        .fields("a folded line", "Host: x\r\nA: b\r\n c\r\n"),
        .fields("a line folded by a tab", "Host: x\r\nA: b\r\n\tc\r\n"),
        .fields("a first field behind a space", " A: b\r\nHost: x\r\n"),
        .fields("a space before a colon", "Host: x\r\nA : b\r\n"),
        .fields("a space in a name", "Host: x\r\nA B: c\r\n"),
        .fields("no colon", "Host: x\r\nA\r\n"),
        .fields("no name", "Host: x\r\n: b\r\n"),
        .fields("a zero byte in a value", "Host: x\r\nA: b\u{0}c\r\n"),
        .fields("a zero byte in a name", "Host: x\r\nA\u{0}: b\r\n"),
        .fields("a control byte", "Host: x\r\nA: \u{1f}\r\n"),
        .fields("a delete byte", "Host: x\r\nA: \u{7f}\r\n"),
        .fields("a bracket in a name", "Host: x\r\nA[]: b\r\n"),
        .fields("a name that is no ASCII", "Host: x\r\n\u{e4}: b\r\n"),
        SmugglingCase(
            "a head that a line feed ends", "GET /a HTTP/1.1\r\nHost: x\r\n\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"),
    ]

    static let chunkings: [SmugglingCase] = [
        .chunks("no chunk size", "\r\nabc\r\n0\r\n\r\n"),
        .chunks("a plus before a chunk size", "+3\r\nabc\r\n0\r\n\r\n"),
        .chunks("a minus before a chunk size", "-1\r\n\r\n0\r\n\r\n"),
        .chunks("a prefix before a chunk size", "0x3\r\nabc\r\n0\r\n\r\n"),
        .chunks("a space before a chunk size", " 3\r\nabc\r\n0\r\n\r\n"),
        .chunks("an underscore in a chunk size", "0_3\r\nabc\r\n0\r\n\r\n"),
        .chunks("a chunk size that is no number", "three\r\nabc\r\n0\r\n\r\n"),
        .chunks("a chunk size over 64 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
        .chunks("a chunk size of the largest number", "ffffffffffffffff\r\nabc\r\n0\r\n\r\n", "413"),
        .chunks("a chunk size with 0 in front over 64 bits", "f0000000000000003\r\nabc\r\n0\r\n\r\n"),
        .chunks("a line feed behind a chunk size", "3\nabc\r\n0\r\n\r\n"),
        .chunks("a carriage return behind a chunk size", "3\rabc\r\n0\r\n\r\n"),
        .chunks("a chunk shorter than it says", "5\r\nabc\r\n0\r\n\r\n"),
        .chunks("a chunk longer than it says", "3\r\nabcd\r\n0\r\n\r\n"),
        .chunks("a chunk that a line feed ends", "3\r\nabc\n0\r\n\r\n"),
        .chunks("a chunk that nothing ends", "3\r\nabc0\r\n\r\n"),
        .chunks("a line feed in an extension", "3;a=b\nc\r\nabc\r\n0\r\n\r\n"),
        .chunks("a carriage return in an extension", "3;a=b\rc\r\nabc\r\n0\r\n\r\n"),
        .chunks("a zero byte in an extension", "3;a=\u{0}\r\nabc\r\n0\r\n\r\n"),
        .chunks("endless extensions", "3;" + String(repeating: "a", count: 20_000) + "\r\nabc\r\n0\r\n\r\n"),
        .chunks("a line feed behind the last chunk", "3\r\nabc\r\n0\n\r\n"),
        .chunks("a line feed ends the trailers", "3\r\nabc\r\n0\r\n\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"),
        .chunks("a line feed ends a trailer", "0\r\nA: b\nC: d\r\n\r\n"),
        .chunks("a carriage return in a trailer", "0\r\nA: b\rC: d\r\n\r\n"),
        .chunks("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
        .chunks("a trailer without a colon", "0\r\nA\r\n\r\n"),
        .chunks("a trailer without a name", "0\r\n: b\r\n\r\n"),
        .chunks("a space before a trailer's colon", "0\r\nA : b\r\n\r\n"),
        .chunks("a zero byte in a trailer", "0\r\nA: \u{0}\r\n\r\n"),
        .chunks("a control byte in a trailer", "0\r\nA: \u{1}\r\n\r\n"),
    ]

    static let targets: [SmugglingCase] = [
        .line("another host than the target's", "GET http://y/a HTTP/1.1"),
        .line("another port than the target's", "GET http://x:81/a HTTP/1.1"),
        .line("a user in the target", "GET http://u@x/a HTTP/1.1", host: "u@x"),
        .line("a target without a host", "GET http:///a HTTP/1.1"),
        .line("another scheme", "GET ftp://x/a HTTP/1.1"),
        .line("a target of two slashes and no scheme", "GET x/a HTTP/1.1"),
        .line("a tunnel", "CONNECT x:443 HTTP/1.1", host: "x:443"),
        .line("an authority without CONNECT", "GET x:443 HTTP/1.1", host: "x:443"),
        .line("an asterisk without OPTIONS", "GET * HTTP/1.1"),
        .line("an empty target", "GET  HTTP/1.1"),
        .line("two spaces before the version", "GET /a  HTTP/1.1"),
        .line("a tab in the line", "GET\t/a HTTP/1.1"),
        .line("a space in the target", "GET /a b HTTP/1.1"),
        .line("a zero byte in the target", "GET /a\u{0} HTTP/1.1"),
        .line("a byte over 0x7F in the target", "GET /\u{e4} HTTP/1.1"),
        .line("a fragment", "GET /a#b HTTP/1.1"),
        .line("an escaped way up", "GET /a/%2e%2e/b HTTP/1.1"),
        .line("a broken escape", "GET /%4 HTTP/1.1"),
        .line("a space before the method", " GET /a HTTP/1.1"),
        .line("a method in lower case", "get /a HTTP/1.1"),
    ]

    static let hosts: [SmugglingCase] = [
        .fields("no host", "A: b\r\n"), .fields("two hosts", "Host: x\r\nHost: y\r\n"),
        .fields("the same host twice", "Host: x\r\nhost: x\r\n"), .fields("an empty host", "Host:\r\n"),
        .fields("a user", "Host: u@x\r\n"), .fields("a path", "Host: x/a\r\n"), .fields("a query", "Host: x?a\r\n"),
        .fields("a scheme", "Host: http://x\r\n"), .fields("a space in the host", "Host: x y\r\n"),
        .fields("a list of hosts", "Host: x, y\r\n"), .fields("a port that is no number", "Host: x:a\r\n"),
        .fields("two ports", "Host: x:1:2\r\n"), .fields("a signed port", "Host: x:+80\r\n"),
        .fields("an open bracket", "Host: [::1\r\n"), .fields("a name in brackets", "Host: [x]\r\n"),
        .fields("text behind the bracket", "Host: [::1]x\r\n"), .fields("a zone", "Host: [fe80::1%1]\r\n"),
        .fields("a backslash", "Host: x\\y\r\n"), .fields("a quote", "Host: \"x\"\r\n"),
        .fields("a host that is no ASCII", "Host: \u{e4}\r\n"), .fields("a broken escape", "Host: x%4\r\n"),
    ]

    static let versions: [SmugglingCase] = [
        .line("HTTP/1.2", "GET /a HTTP/1.2"), .line("HTTP/2.0", "GET /a HTTP/2.0", "505"),
        .line("HTTP/3.0", "GET /a HTTP/3.0"), .line("HTTP/0.9 by name", "GET /a HTTP/0.9", "505"),
        SmugglingCase("HTTP/0.9", "GET /a\r\n\r\n"), .line("lower case", "GET /a http/1.1"),
        .line("two digits", "GET /a HTTP/1.10"), .line("a zero in front", "GET /a HTTP/01.1"),
        .line("no minor version", "GET /a HTTP/1"), .line("a comma for the point", "GET /a HTTP/1,1"),
        .line("another protocol", "GET /a HTTPS/1.1"), .line("text behind the version", "GET /a HTTP/1.1 x"),
        .line("a space behind the version", "GET /a HTTP/1.1 "), .line("a space in the version", "GET /a HTTP/ 1.1"),
    ]
}
