import Testing
import Transport

@Suite struct SocketAddressTests {
    @Test(
        "an address is printed as it is read",
        arguments: [
            "127.0.0.1:8025", "0.0.0.0:0", "[::1]:80", "[2001:db8::7]:65535", "[fe80::1%2]:25",
            "unix:/run/postroad.sock",
            "unix:relative",
        ])
    func roundTrip(text: String) throws {
        #expect(try SocketAddress(text).description == text)
    }

    @Test("localhost is the IPv4 loopback address")
    func localhost() throws {
        #expect(try SocketAddress("localhost:80") == SocketAddress("127.0.0.1:80"))
    }

    @Test(
        "what is no address is refused with a reason",
        arguments: [
            "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:8 ", "::1:80",
            "[127.0.0.1]:80", "[::1]", "example.org:80", "1.2.3:80", "unix:", "unix:/a\u{0}b",
            "unix:/" + String(repeating: "a", count: 107),
        ])
    func refused(text: String) {
        #expect(throws: TransportError.self) { try SocketAddress(text) }
    }

    @Test(
        "loopback addresses are this machine's own",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.3", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
            ("::2", false), ("0.0.0.0", false), ("::", false), ("10.0.0.1", false),
        ])
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try #require(IPAddress(text)).isLoopback == isLoopback)
    }

    @Test(
        "special-purpose addresses are private",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.255.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
            "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fec0::1", "fc00::1",
            "fdff::1", "ff02::1", "2001:db8::1", "2001::1", "::ffff:10.0.0.1", "64:ff9b::192.168.0.1",
            "2002:0a00:0001::1",
            "::127.0.0.1", "100::1", "64:ff9b:1::1",
        ])
    func privateAddress(text: String) throws {
        #expect(try #require(IPAddress(text)).isPrivate)
    }

    @Test(
        "addresses of the public Internet are not private",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1",
            "192.0.1.1",
            "192.169.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
            "2002:0808:0808::1",
        ])
    func publicAddress(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!address.isPrivate)
    }
}
