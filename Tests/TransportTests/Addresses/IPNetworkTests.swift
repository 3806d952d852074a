import Testing
import Transport

@Suite struct IPNetworkTests {
    @Test(
        "a network holds the addresses that share its prefix",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
            ("192.0.2.128/25", "192.0.2.127", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false), ("2001:db8::/65", "2001:db8:0:0:7fff::1", true),
            ("2001:db8::/65", "2001:db8:0:0:8000::1", false), ("::/0", "2001:db8::1", true), ("::/0", "1.2.3.4", false),
            ("0.0.0.0/0", "::1", false), ("fe80::/10", "fe80::1%3", true), ("::1", "::1", true), ("::1", "::2", false),
            // 6to4 and translated addresses carry 10.0.0.1, but anyone can have one.
            ("10.0.0.0/8", "2002:a00:1::1", false), ("10.0.0.0/8", "64:ff9b::a00:1", false),
        ])
    func contains(network: String, address: String, isIn: Bool) throws {
        let ip = try #require(IPAddress(address))
        #expect(try IPNetwork(network).contains(ip) == isIn)
    }

    @Test(
        "what is no network is refused, and the refusal says what one looks like",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "10.0.0.1/8",
            "2001:db8::1/64", "fe80::1%2", "localhost", "10.0.0/8", "10.0.0.0/ 8", "10.0.0.0/٨",
        ])
    func malformed(text: String) throws {
        let error = #expect(throws: TransportError.self) { try IPNetwork(text) }
        #expect(error?.description.contains("write 10.0.0.0/8") == true)
    }

    @Test("set bits behind the prefix are refused with the block that is meant")
    func hostBits() {
        let error = #expect(throws: TransportError.self) { try IPNetwork("10.9.8.7/8") }
        #expect(error?.description.contains("the block is 10.0.0.0/8") == true)
    }

    @Test("a network is written as it is read", arguments: ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32", "::/0"])
    func roundTrip(text: String) throws {
        #expect(try IPNetwork(text).description == text)
    }

    @Test("Unix sockets are trusted only when that is said")
    func unixSockets() throws {
        let peers = TrustedPeers(networks: [try IPNetwork("0.0.0.0/0"), try IPNetwork("::/0")])
        #expect(!peers.contains(.unix(path: "")))
        #expect(peers.contains(.ip(.v4(1), port: 1)))
        #expect(TrustedPeers(includesUnixSockets: true).contains(.unix(path: "/s")))
        #expect(TrustedPeers().isEmpty)
        #expect(!TrustedPeers().contains(.ip(.v4(0), port: 0)))
    }
}
