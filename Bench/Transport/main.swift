// The server that Bench/transport.py measures: the house's own listener, server and router on one event loop.
//
// Answers `/204` with nothing and keeps WebSockets on `/ws` open. Prints its ports as a JSON line, and ends with its
// standard input.

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
let router = HTTPRouter([try HTTPRoute(.get, "/204") { _ in empty }])
let server = HTTPServer(logger: logger, handler: router)
let options = ListenerOptions(maximalConnections: 20_000)
let listener = try await Listener.bind(
    to: SocketAddress("127.0.0.1:0"), on: loops, options: options, logger: logger)

guard case .ip(_, let port) = listener.localAddress else { exit(1) }
write("{\"http\": \(port)}\n", to: STDOUT_FILENO)
let running = Task { await server.run(on: listener) }
// Until the measuring program closes its end.
let watcher = Task.detached { while getchar() != EOF {} }
await watcher.value
await listener.shutdown(within: .zero)
await running.value
