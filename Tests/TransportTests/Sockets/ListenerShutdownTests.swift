import Glibc
import Logging
import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct ListenerShutdownTests {
    @Test("a body that ignores cancellation holds up neither the shutdown nor the run, and the log says so")
    func stubborn() async throws {
        let log = LogRecorder()
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        try await withGroup { group in
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: Logger(sink: log))
            let stubborn = StubbornWait()
            async let running: Void = listener.run { _ in
                arrived.yield()
                await stubborn.wait()
            }
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            for await _ in arrivals { break }
            await listener.shutdown(within: .milliseconds(10))
            await running
            #expect(try await connection.read() == nil)
            #expect(listener.connectionCount == 0)
            stubborn.end()
        }
        #expect(log.events.contains { $0.name == "connections given up, their handlers ignore cancellation" })
    }

    @Test("when the time is over all reads end, also those that do not look at the task")
    func cutsReads() async throws {
        let served = Guests()
        try await withGroup { group in
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            async let running: Void = listener.run { connection in
                served.add(connection)
                await #expect(throws: TransportError.cancelled) {
                    try await connection.readUntilClosed(max: 10, timeout: nil, endsWhenDraining: false)
                }
                await #expect(throws: TransportError.cancelled) {
                    try await connection.read(max: 10, timeout: nil, endsWhenDraining: false)
                }
            }
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await waitUntil { served.all.count == 1 }
            let duration = await ContinuousClock().measure { await listener.shutdown(within: .milliseconds(10)) }
            #expect(duration < Listener.cancellationGrace)
            #expect(try await connection.read() == nil)
            await running
        }
    }

    @Test("a request that crosses the shutdown on its way is still served, and told that it is the last")
    func idleGrace() async throws {
        let served = Guests()
        try await withGroup { group in
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            async let running: Void = listener.run { connection in
                served.add(connection)
                let bytes = try? await connection.read(max: 10, timeout: nil, endsWhenDraining: true)
                let answer = bytes == nil ? "none" : connection.isDraining ? "last" : "one of many"
                _ = try? await connection.write(Array(answer.utf8))
            }
            let late = try await Connection.connect(to: listener.localAddress, on: group.next())
            let idle = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await waitUntil { served.all.count == 2 }
            async let shutdown: Void = listener.shutdown(within: .seconds(60), idleGrace: .seconds(1))
            try await waitUntil { served.all.allSatisfy(\.isDraining) }
            try await late.write("x")
            #expect(try await late.readAll() == "last")
            #expect(try await idle.readAll() == "none")
            await shutdown
            await running
        }
    }

    @Test("a listener ends when its loops do")
    func loopsStop() async throws {
        let group = try EventLoopGroup(count: 2, name: "test")
        let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
        let running = Task { await listener.run { _ = try? await $0.read() } }
        let connection = try? await Connection.connect(to: listener.localAddress, on: group.next())
        await group.stop()
        await running.value
        await listener.shutdown(within: .seconds(60))
        #expect(connection != nil)
    }
}

/// Waits until it is told to end, cancelled or not.
private struct StubbornWait: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream<Void>.makeStream()
    }

    func end() { continuation.finish() }

    func wait() async {
        // A task of its own is not cancelled with the one that waits for it.
        await Task { [stream] in for await _ in stream {} }.value
    }
}

/// The connections that a listener has served.
private final class Guests: Sendable {
    private let connections = Mutex<[Connection]>([])

    var all: [Connection] { connections.withLock { $0 } }

    func add(_ connection: Connection) {
        connections.withLock { $0.append(connection) }
    }
}
