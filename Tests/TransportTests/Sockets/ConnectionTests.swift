import Testing
import Transport

@Suite struct ConnectionTests {
    /// Connects to a listener whose end stays silent until the client closes.
    private func withSilence(_ body: @escaping (Connection) async throws -> Void) async throws {
        try await withListener(serve: { await $0.waitForEnd() }) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await body(connection)
            connection.close()
        }
    }

    @Test("a read that waits too long fails, and the next one still works")
    func readTimeout() async throws {
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            try? await connection.write(Array("late".utf8))
        }) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            await #expect(throws: TransportError.timedOut(operation: "read")) {
                try await connection.read(timeout: .milliseconds(10))
            }
            try await connection.write("go")
            #expect(try await connection.readThrough("late") == "late")
        }
    }

    @Test("a write that nobody takes fails at its deadline and closes the connection")
    func writeTimeout() async throws {
        try await withSilence { connection in
            await #expect(throws: TransportError.timedOut(operation: "write")) {
                try await connection.write([UInt8](repeating: 0, count: 64 * 1_048_576), timeout: .milliseconds(30))
            }
            await #expect(throws: TransportError.timedOut(operation: "write")) { try await connection.write([1]) }
        }
    }

    @Test("a cancelled read ends, and takes no bytes from a later one", arguments: [true, false])
    func cancelledRead(onLoop: Bool) async throws {
        try await withSilence { connection in
            let reading = Task(executorPreference: onLoop ? connection.loop : nil) { try await connection.read() }
            reading.cancel()
            await #expect(throws: TransportError.cancelled) { try await reading.value }
        }
    }

    @Test("closing ends a read under way, and later calls fail")
    func closed() async throws {
        try await withSilence { connection in
            let reading = Task { try await connection.read() }
            connection.close()
            connection.close()
            await #expect(throws: TransportError.closed) { try await reading.value }
            await #expect(throws: TransportError.closed) { try await connection.write([1]) }
            await #expect(throws: TransportError.closed) { try await connection.shutdownWriting() }
        }
    }

    @Test("a second reader is refused and the first one goes on")
    func twoReaders() async throws {
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            try? await connection.write([9])
        }) { listener, group in
            let loop = group.next()
            let connection = try await Connection.connect(to: listener.localAddress, on: loop)
            let readers = (0..<2).map { _ in
                Task(executorPreference: loop) { try await connection.read(timeout: .seconds(20)) }
            }
            // On the loop behind both, so both wait when this is done.
            await Task(executorPreference: loop) {}.value
            try await connection.write([1])
            let results = [await readers[0].result, await readers[1].result]
            #expect(try results[0].get() == [9])
            #expect(throws: TransportError.alreadyReading) { try results[1].get() }
        }
    }

    @Test("a write to a connection that the other end has reset is an error, not a signal")
    func reset() async throws {
        try await withListener(serve: { $0.close() }) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            await connection.waitForEnd()
            await #expect(throws: TransportError.self) {
                while true { try await connection.write([UInt8](repeating: 0, count: 65_536)) }
            }
        }
    }

    @Test("a connection to nobody fails with the reason and the address")
    func refused() async throws {
        try await withGroup { group in
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            let address = listener.localAddress
            await listener.shutdown(within: .zero)
            let error = await #expect(throws: TransportError.self) {
                try await Connection.connect(to: address, on: group.next())
            }
            #expect(error.map { "\($0)" } == "connect failed for \(address): connection refused")
        }
    }

    @Test("a stopped loop ends its connections' reads")
    func stopped() async throws {
        try await withListener(serve: { await $0.waitForEnd() }) { listener, _ in
            let loop = try EventLoop.start(name: "other")
            let connection = try await Connection.connect(to: listener.localAddress, on: loop)
            let reading = Task { try await connection.read() }
            await loop.stop()
            await #expect(throws: TransportError.loopStopped(name: "other")) { try await reading.value }
            await #expect(throws: TransportError.loopStopped(name: "other")) { try await connection.write([1]) }
        }
    }
}
