import TestSupport
import Testing

@testable import Transport

/// What `openssl s_client` gets from a server, as testssl asks: old protocols, weak ciphers, compression, renegotiation.
@Suite struct TLSProtocolTests {
    /// Runs s_client with these options, and with ciphers enabled that OpenSSL itself would not offer any more.
    private func client(_ options: String, _ listener: Listener, input: String = "") async throws -> String {
        let port = listener.localAddress.port ?? 0
        return try await shell(
            "printf '\(input)' | timeout 20 openssl s_client -connect 127.0.0.1:\(port) -servername localhost \(options)"
        )
    }

    @Test(
        "old protocols and weak ciphers are refused",
        arguments: [
            "-tls1", "-tls1_1", "-tls1_2 -cipher AES128-SHA", "-tls1_2 -cipher AES128-GCM-SHA256",
            "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", "-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA",
            "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", "-tls1_2 -cipher ECDHE-ECDSA-AES128-CCM8",
            "-tls1_2 -cipher aNULL:eNULL", "-tls1_2 -cipher kRSA", "-tls1_2 -cipher CAMELLIA", "-tls1_2 -cipher PSK",
            "-tls1_2 -cipher ARIA", "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", "-tls1_3 -groups secp521r1",
            "-tls1_2 -sigalgs ECDSA+SHA1",
        ])
    func weak(options: String) async throws {
        try await withHTTPS { listener, _, _ in
            let said = try await client(options.withAllCiphers, listener)
            #expect(said.contains("Cipher is (NONE)"))
            // By the server's word, or because not even the client can do it any more.
            #expect(said.contains("SSL alert number") || said.contains("no ciphers available"))
        }
    }

    @Test(
        "every strong cipher is spoken",
        arguments: [
            "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384",
            "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256",
            "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384", "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256",
            "-tls1_3 -groups P-256", "-tls1_3 -groups X25519",
        ])
    func strong(options: String) async throws {
        try await withHTTPS { listener, _, certificate in
            let said = try await client("\(options) -CAfile \(certificate)", listener)
            #expect(said.contains("Verification: OK"))
            #expect(said.contains("Compression: NONE"))
            if let cipher = options.split(separator: " ").last, options.contains("cipher") {
                #expect(said.contains("Cipher is \(cipher)"))
            }
        }
    }

    @Test("the server's order of ciphers counts, and its first group is X25519")
    func preference() async throws {
        try await withHTTPS { listener, _, _ in
            let said = try await client("-ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", listener)
            #expect(said.contains("Cipher is TLS_AES_128_GCM_SHA256"))
            #expect(said.contains("Server Temp Key: X25519"))
            let mobile = try await client("-ciphersuites TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256", listener)
            #expect(mobile.contains("Cipher is TLS_CHACHA20_POLY1305_SHA256"))
        }
    }

    @Test("with a minimum of TLS 1.3 nothing older is spoken", arguments: [("-tls1_2", false), ("-tls1_3", true)])
    func minimum(option: String, isSpoken: Bool) async throws {
        try await withHTTPS({ $0.minimumVersion = .tls13 }) { listener, _, _ in
            let said = try await client(option, listener)
            #expect(said.contains("Cipher is TLS_AES") == isSpoken)
        }
    }

    @Test("a client's renegotiation is refused (CVE-2009-3555, CVE-2011-1473)")
    func renegotiation() async throws {
        try await withHTTPS(limits: HTTPServerConfiguration(headTimeout: .seconds(1))) { listener, _, _ in
            let said = try await client("-tls1_2", listener, input: "R\\nGET / HTTP/1.0\\r\\n\\r\\n")
            #expect(said.contains("RENEGOTIATING"))
            #expect(said.contains("no renegotiation"))
            #expect(!said.contains("200 OK"))
        }
    }

    @Test("sessions of TLS 1.2 are resumed with tickets")
    func resumption12() async throws {
        try await withHTTPS { listener, _, _ in
            let said = try await client("-tls1_2 -reconnect", listener)
            #expect(said.components("Reused, TLSv1.2") == 5)
        }
    }

    @Test("new keys are taken in the middle of a stream, and answered (RFC 8446 §4.6.3)")
    func newKeys() async throws {
        try await withHTTPS { listener, _, certificate in
            // A line K asks for new keys on both sides; each step waits for the one before.
            let said = try await shell(
                """
                cd $(dirname \(certificate)); mkfifo in; touch out
                seen() { for turn in $(seq 400); do grep -q "$1" out && return; sleep 0.05; done; }
                timeout 60 openssl s_client -connect 127.0.0.1:\(listener.localAddress.port ?? 0) <in >out 2>&1 &
                exec 3>in
                printf 'GET /a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3; seen 'GET /a'
                echo K >&3; seen KEYUPDATE
                printf 'GET /b HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' >&3; seen 'GET /b'
                wait; cat out
                """)
            #expect(said.contains("KEYUPDATE"))
            #expect(said.contains("GET /b"))
        }
    }
}

extension String {
    /// With the security level that lets OpenSSL offer weak ciphers.
    fileprivate var withAllCiphers: String {
        contains("-cipher ") ? "\(self):@SECLEVEL=0" : "\(self) -cipher DEFAULT:@SECLEVEL=0"
    }

    /// How often the text occurs.
    fileprivate func components(_ text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
