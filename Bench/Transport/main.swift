// The server that Bench/transport.py measures: the house's own listener, server and router on one event loop.
//
// Answers `/204` with nothing and echoes on the WebSocket `/ws`. Prints its ports as a JSON line, and ends with its
// standard input. Usage: transport-bench CHAIN KEY.

import Glibc
import Logging
import Transport

func write(_ text: String, to descriptor: CInt) {
    _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
}

/// Faults go to standard error; standard output is for the ports.
struct ErrorSink: LogSink {
    func write(_ event: LogEvent) {
        transport_bench.write("\(event.name) \(event.fields)\n", to: STDERR_FILENO)
    }
}

let logger = Logger(level: .warning, sink: ErrorSink())
let loops = try EventLoopGroup(count: 1)
let empty = HTTPResponse(.noContent)
let router = HTTPRouter([
    try HTTPRoute(.get, "/204") { _ in empty },
    try HTTPRoute(.get, "/ws") { request in
        .webSocket(for: request) { socket in
            while let message = try await socket.receive() { try await socket.send(message) }
        }
    },
])
let server = HTTPServer(logger: logger, handler: router)

func listen() async throws -> (Listener, port: UInt16) {
    let listener = try await Listener.bind(
        to: SocketAddress("127.0.0.1:0"), on: loops, options: ListenerOptions(maximalConnections: 20_000),
        logger: logger)
    guard case .ip(_, let port) = listener.localAddress else { exit(1) }
    return (listener, port)
}

guard CommandLine.arguments.count == 3 else {
    write("usage: transport-bench CHAIN KEY\n", to: STDERR_FILENO)
    exit(2)
}
let certificate = TLSCertificate(chainFile: CommandLine.arguments[1], keyFile: CommandLine.arguments[2])
let tls = try TLSServerContext(
    TLSServerConfiguration(certificates: [certificate], applicationProtocols: ["h2", "http/1.1"]))
let (http, httpPort) = try await listen()
let (https, httpsPort) = try await listen()
write("{\"http\": \(httpPort), \"https\": \(httpsPort)}\n", to: STDOUT_FILENO)
let running = [
    Task { await server.run(on: http) },
    Task { await server.run(on: https, tls: tls) },
]
// Until the measuring program closes its end.
await Task.detached { while getchar() != EOF {} }.value
for listener in [http, https] { await listener.shutdown(within: .zero) }
for task in running { await task.value }
