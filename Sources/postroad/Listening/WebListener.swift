import Logging
import Messages
import Routing
import Transport

/// A place where HTTP is spoken.
struct WebListener: Sendable {
    let service: ListenSettings.Service
    let listener: Listener
    let server: HTTPServer
    /// What it shows of TLS; nil for none.
    var tls: TLSServerContext?
    /// Learns from proxies who their clients are; nil when there are none.
    var gate: ProxyProtocolGate?

    /// Serves until the listener is shut down, or the task cancelled.
    func run() async {
        guard let gate else { return await server.run(on: listener, tls: tls) }
        await listener.run { connection in
            guard let stream = await gate.open(connection) else { return }
            await server.serve(stream, tls: tls)
        }
    }

    /// The place for the status report.
    var status: JSON {
        [
            "protocol": .string(service.rawValue), "address": .string("\(listener.localAddress)"),
            "connections": .integer(Int64(listener.connectionCount)),
        ]
    }
}
