import Testing

@testable import Transport

/// A header of version 2.
func proxyHeader(
    version: UInt8 = 2, command: UInt8 = 1, family: UInt8 = 0x11, length: Int? = nil, _ rest: [UInt8]
) -> [UInt8] {
    let length = length ?? rest.count
    return ProxyHeaderV2.signature + [version << 4 | command, family, UInt8(length >> 8), UInt8(length & 255)] + rest
}

let proxied4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 2, 0x12, 0x67, 0, 25]
private let proxied6: [UInt8] =
    [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] + [
        0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
    ]
    + [0xFF, 0xFF, 1, 0xBB]

@Suite struct ProxyHeaderTests {
    private func read(_ bytes: [UInt8]) throws -> String {
        guard case .complete(let header) = try ProxyHeader.read(bytes) else { return "incomplete" }
        guard case .relayed(let source, let destination) = header else { return "local" }
        return "\(source) \(destination)"
    }

    @Test(
        "a line of version 1 tells the client and where it connected to",
        arguments: [
            ("PROXY TCP4 192.0.2.1 198.51.100.2 4711 25\r\n", "192.0.2.1:4711 198.51.100.2:25"),
            (
                "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
                "255.255.255.255:65535 255.255.255.255:65535"
            ),
            ("PROXY TCP6 2001:db8::1 2001:db8::2 0 443\r\n", "[2001:db8::1]:0 [2001:db8::2]:443"),
            ("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2\r\n", "192.0.2.1:1 192.0.2.2:2"),
            ("PROXY UNKNOWN\r\n", "local"), ("PROXY UNKNOWN ffff:f...f:ffff whatever 1\r\n", "local"),
        ])
    func version1(line: String, ends: String) throws {
        let bytes = Array(line.utf8)
        #expect(try read(bytes) == ends)
        for count in 0..<bytes.count {
            guard case .needs(let more) = try ProxyHeader.read(Array(bytes.prefix(count))) else {
                Issue.record("complete after \(count) bytes")
                return
            }
            #expect(more >= 1 && count + more <= bytes.count, "would read beyond the header")
        }
    }

    @Test(
        "a line that is not as the specification wants it is refused",
        arguments: [
            "PROXY TCP4 192.0.2.1 198.51.100.2 4711\r\n", "PROXY TCP4 192.0.2.1 198.51.100.2 4711 25 1\r\n",
            "PROXY TCP4  192.0.2.1 198.51.100.2 4711 25\r\n", "PROXY TCP4 192.0.2.1 198.51.100.2 4711 65536\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.2 04711 25\r\n", "PROXY TCP4 192.0.2.1 198.51.100.2 +1 25\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.2 -1 25\r\n", "PROXY TCP4 192.0.2.1 198.51.100.2 4711 25 \r\n",
            "PROXY TCP4 192.0.2 198.51.100.2 4711 25\r\n", "PROXY TCP4 ::1 ::1 4711 25\r\n",
            "PROXY TCP6 192.0.2.1 198.51.100.2 4711 25\r\n", "PROXY TCP6 fe80::1%1 ::1 4711 25\r\n",
            "PROXY TCP5 192.0.2.1 198.51.100.2 4711 25\r\n", "PROXY  UNKNOWN\r\n", "PROXY UNKNOWNX \r\n",
            "PROXY tcp4 192.0.2.1 198.51.100.2 4711 25\r\n", "PROXY TCP4 192.0.2.1 198.51.100.2 4711 25\n\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.2 4711 25\rX", "PROXY TCP4 192.0.2.1\t198.51.100.2 4711 25\r\n",
            "PROXY UNKNOWN \u{7}\r\n", "PROXY UNKNOWN é\r\n", "PROXY UNKNOWN " + String(repeating: "x", count: 92),
            "proxy UNKNOWN\r\n", "GET / HTTP/1.1\r\n", "PROXYTCP4", "\r\n\r\n\u{0}\r\nQUIX\n", "\u{16}\u{3}\u{1}", "x",
        ])
    func malformed1(line: String) {
        #expect(throws: ProxyHeaderError.self) { try ProxyHeader.read(Array(line.utf8)) }
    }

    @Test("the longest line there can be is read, and one byte more is not")
    func longest() throws {
        let line = "PROXY UNKNOWN " + String(repeating: "x", count: 107 - 16)
        #expect(try read(Array("\(line)\r\n".utf8)) == "local")
        #expect(throws: ProxyHeaderError.self) { try ProxyHeader.read(Array("\(line)x".utf8)) }
    }

    @Test(
        "a header of version 2 tells the same",
        arguments: [
            (proxyHeader(proxied4), "192.0.2.1:4711 198.51.100.2:25"),
            (proxyHeader(family: 0x21, proxied6), "[2001:db8::1]:65535 [2001:db8::2]:443"),
            (proxyHeader(proxied4 + [0x04, 0, 2, 9, 9, 0x20, 0, 0]), "192.0.2.1:4711 198.51.100.2:25"),
            (proxyHeader(command: 0, family: 0, []), "local"),
            (proxyHeader(command: 0, family: 0, [1, 2, 3]), "local"),
            (proxyHeader(command: 0, proxied4), "local"), (proxyHeader(family: 0, [7, 7]), "local"),
            // Datagrams, and sockets whose names are of the proxy's machine.
            (proxyHeader(family: 0x12, proxied4), "local"),
            (proxyHeader(family: 0x31, [UInt8](repeating: 0x2F, count: 216)), "local"),
        ])
    func version2(bytes: [UInt8], ends: String) throws {
        #expect(try read(bytes) == ends)
        for count in 0..<bytes.count {
            guard case .needs(let more) = try ProxyHeader.read(Array(bytes.prefix(count))) else {
                Issue.record("complete after \(count) bytes")
                return
            }
            #expect(more >= 1 && count + more <= bytes.count, "would read beyond the header")
        }
    }

    @Test(
        "a header of version 2 that is not as the specification wants it is refused",
        arguments: [
            proxyHeader(version: 1, proxied4), proxyHeader(version: 3, proxied4), proxyHeader(command: 2, proxied4),
            proxyHeader(family: 0x41, proxied4), proxyHeader(family: 0x13, proxied4),
            proxyHeader(Array(proxied4.dropLast())), proxyHeader(family: 0x21, proxied4), proxyHeader(proxied4 + [4]),
            proxyHeader(proxied4 + [4, 0, 1]), proxyHeader(proxied4 + [4, 0xFF, 0xFF, 0]),
            proxyHeader(family: 0x31, proxied4), proxyHeader(length: 4_097, []), proxyHeader(length: 65_535, []),
            proxyHeader(proxied4 + [3, 0, 3, 1, 2, 3]),
        ])
    func malformed2(bytes: [UInt8]) {
        #expect(throws: ProxyHeaderError.self) { try ProxyHeader.read(bytes) }
    }

    @Test("a checksum is checked")
    func checksum() throws {
        // RFC 3720 B.4 gives the check value of 32 zero bytes.
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum(of: Array("123456789".utf8)) == 0xE306_9283)
        var bytes = proxyHeader(proxied4 + [0x03, 0, 4, 0, 0, 0, 0])
        let sum = CRC32C.checksum(of: bytes)
        for index in 0..<4 { bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * index)) }
        #expect(try read(bytes) == "192.0.2.1:4711 198.51.100.2:25")
        bytes[16] ^= 1
        #expect(throws: ProxyHeaderError.corrupt) { try ProxyHeader.read(bytes) }
    }

    @Test("random bytes behind a signature never stop the reader")
    func random() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let rest = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let family = UInt8([0, 0x11, 0x12, 0x21, 0x31].randomElement(using: &random) ?? 0)
            let header = proxyHeader(command: UInt8.random(in: 0...1), family: family, rest)
            _ = try? ProxyHeader.read(header)
        }
    }
}
