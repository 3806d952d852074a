import Testing
import Transport

/// Against PyPI's `websockets` and `wsproto`, which know nothing of us.
@Suite(.enabled(if: PythonPeer.interpreter != nil, "make test names the Python to run the peers with"))
struct WebSocketPeerTests {
    static var script: String {
        "\(#filePath)".replacing(
            "TransportTests/WebSocket/WebSocketPeerTests.swift", with: "Fixtures/websocket_peer.py")
    }

    @Test("clients of others talk to our server: all sizes, fragments, pings, compression, refusals, good-byes")
    func clients() async throws {
        var handler = WebSocketHandler.echo(WebSocketConfiguration(compression: WebSocketCompression(threshold: 100)))
        handler.protocols = ["echo"]
        try await withServer(handler) { listener, group in
            try await PythonPeer.run(Self.script, ["clients", "ws://\(listener.localAddress)/"], on: group) { control in
                let verdict = try await control.readAll()
                #expect(verdict == "ok")
            }
        }
    }

    @Test(
        "our client talks to servers of others",
        arguments: [nil, WebSocketCompression(threshold: 0), WebSocketCompression(threshold: 0, keepsContext: true)])
    func servers(_ compression: WebSocketCompression?) async throws {
        try await withGroup { group in
            let client = HTTPClient(group: group)
            defer { client.shutdown() }
            try await PythonPeer.run(Self.script, ["servers"], on: group) { control in
                let ports = try await control.readThrough("\n").dropLast().split(separator: " ")
                #expect(ports.count == 3)
                for port in ports { try await Self.echo(client, "ws://127.0.0.1:\(port)/", compression) }
            }
        }
    }

    private static func echo(_ client: HTTPClient, _ url: String, _ compression: WebSocketCompression?) async throws {
        let configuration = WebSocketConfiguration(closeTimeout: .seconds(20), compression: compression)
        let request = WebSocketRequest(url, configuration: configuration, privateAddresses: .allowed)
        try await client.webSocket(request) { socket in
            for size in [0, 1, 125, 126, 65_535, 65_536, 700_000] {
                let text = String(repeating: "Grüße! ", count: size / 8)
                try await socket.send(text)
                let answer = try await socket.receive()
                #expect(answer == .text(text))
                let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
                try await socket.send(bytes)
                let copy = try await socket.receive()
                #expect(copy == .binary(bytes))
            }
            await socket.close(.normal, reason: "done")
            #expect(socket.peerClose?.code == .normal)
        }
    }
}
