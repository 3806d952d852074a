import Synchronization
import Testing

@testable import Transport

@Suite struct TLSStreamTests {
    @Test("much goes both ways at the same time, whole and in order")
    func bulk() async throws {
        try await withTLS { pair in
            let stream = try await pair.connect()
            let sent = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            async let received = stream.readExactly(sent.count)
            try await stream.write(Array(sent[..<1_000_001]), Array(sent[1_000_001...]), timeout: .seconds(60))
            #expect(try await received == sent)
        }
    }

    @Test("no more bytes come than were asked for, and none is lost", arguments: [1, 7, 16_383, 16_385])
    func small(max: Int) async throws {
        let text = [UInt8](repeating: 7, count: 40_000)
        try await withTLS(serve: { stream in
            try? await stream.write(text)
            stream.close()
        }) { pair in
            let stream = try await pair.connect()
            var count = 0
            while let bytes = try await stream.read(max: max, timeout: .seconds(20)) {
                #expect((1...max).contains(bytes.count))
                count += bytes.count
            }
            #expect(count == text.count)
        }
    }

    @Test("writes of several tasks go out one after the other, each whole")
    func writers() async throws {
        try await withTLS { pair in
            let stream = try await pair.connect()
            let loop = stream.loop
            let writers = (0..<8).map { index in
                Task(executorPreference: loop) {
                    try await stream.write([UInt8](repeating: UInt8(index), count: 300_000), timeout: .seconds(60))
                }
            }
            let bytes = try await stream.readExactly(8 * 300_000)
            for writer in writers { try await writer.value }
            #expect(bytes == (0..<8).flatMap { [UInt8](repeating: UInt8($0), count: 300_000) })
        }
    }

    @Test("after a closing word reads end and writes still go out")
    func halfClosed() async throws {
        try await withTLS(serve: { stream in
            let all = try? await stream.readExactly(1_000)
            try? await stream.write(Array("got \(all?.count ?? 0)".utf8))
            try? await stream.shutdownWriting()
        }) { pair in
            let stream = try await pair.connect()
            try await stream.write([1, 2, 3])
            try await stream.shutdownWriting()
            #expect(String(decoding: try await stream.readExactly(100), as: UTF8.self) == "got 3")
            #expect(try await stream.read(timeout: .seconds(20)) == nil)
            await #expect(throws: TransportError.self) { try await stream.write([1]) }
        }
    }

    @Test("closing says so: the other end reads an end, not a broken connection")
    func closed() async throws {
        try await withTLS(serve: { $0.close() }) { pair in
            let stream = try await pair.connect()
            #expect(try await stream.read(timeout: .seconds(20)) == nil)
            await stream.waitForEnd()
            stream.close()
            await #expect(throws: TransportError.closed) { try await stream.read() }
            await #expect(throws: TransportError.closed) { try await stream.write([1]) }
        }
    }

    @Test("last bytes go out in front of the closing word")
    func lastBytes() async throws {
        try await withTLS(serve: { $0.close(sending: [1, 2, 3]) }) { pair in
            let stream = try await pair.connect()
            #expect(try await stream.readExactly(10) == [1, 2, 3])
        }
    }

    @Test("a connection that ends without the closing word is cut off")
    func truncated() async throws {
        let certificate = try makeCertificate("localhost")
        let server = try TLSServerContext(TLSServerConfiguration(certificates: [TLSCertificate(certificate)]))
        let client = try TLSClientContext(TLSClientConfiguration(trust: .text(certificate.certificate)))
        try await withListener(serve: { connection in
            guard let stream = try? await server.accept(connection) else { return }
            try? await stream.write([1])
            connection.close()
        }) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            let stream = try await client.connect(over: connection, serverName: "localhost")
            #expect(try await stream.read(timeout: .seconds(20)) == [1])
            await #expect(throws: TransportError.tls(.truncated)) { try await stream.read(timeout: .seconds(20)) }
        }
    }

    @Test("bytes that are no TLS break the stream, and the other end hears why")
    func broken() async throws {
        let seen = Mutex<TransportError?>(nil)
        let certificate = try makeCertificate("localhost")
        let server = try TLSServerContext(TLSServerConfiguration(certificates: [TLSCertificate(certificate)]))
        let client = try TLSClientContext(TLSClientConfiguration(trust: .text(certificate.certificate)))
        try await withListener(serve: { connection in
            do throws(TransportError) {
                _ = try await server.accept(connection).read(timeout: .seconds(20))
            } catch {
                seen.withLock { $0 = error }
            }
        }) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            let stream = try await client.connect(over: connection, serverName: "localhost")
            // A record of application data that no key has made.
            try await connection.write([23, 3, 3, 0, 32] + [UInt8](repeating: 9, count: 32))
            let error = await #expect(throws: TransportError.self) { try await stream.read(timeout: .seconds(20)) }
            #expect(error == .tls(.broken(reason: "sslv3 alert bad record mac")))
        }
        #expect(seen.withLock { $0 } == .tls(.broken(reason: "decryption failed or bad record mac")))
    }
}

@Suite struct TLSWaitingTests {
    private func withSilence(_ body: @escaping (TLSStream) async throws -> Void) async throws {
        try await withTLS(serve: { await $0.waitForEnd() }) { pair in
            let stream = try await pair.connect()
            try await body(stream)
            stream.close()
        }
    }

    @Test("a read that waits too long fails, and the next one still works")
    func readTimeout() async throws {
        try await withTLS { pair in
            let stream = try await pair.connect()
            await #expect(throws: TransportError.timedOut(operation: "read")) {
                try await stream.read(timeout: .milliseconds(10))
            }
            #expect(try await stream.exchange("late") == "late")
        }
    }

    @Test("a cancelled read ends, and takes no bytes from a later one", arguments: [true, false])
    func cancelledRead(onLoop: Bool) async throws {
        try await withTLS { pair in
            let stream = try await pair.connect()
            let reading = Task(executorPreference: onLoop ? stream.loop : nil) { try await stream.read() }
            reading.cancel()
            await #expect(throws: TransportError.cancelled) { try await reading.value }
            #expect(try await stream.exchange("later") == "later")
        }
    }

    @Test("a second reader is refused and the first one goes on")
    func twoReaders() async throws {
        try await withTLS { pair in
            let stream = try await pair.connect()
            let readers = (0..<2).map { _ in
                Task(executorPreference: stream.loop) { try await stream.read(timeout: .seconds(20)) }
            }
            await Task(executorPreference: stream.loop) {}.value
            try await stream.write([1])
            let results = [await readers[0].result, await readers[1].result]
            #expect(try results[0].get() == [1])
            #expect(throws: TransportError.alreadyReading) { try results[1].get() }
        }
    }

    @Test("a write that nobody takes fails at its deadline, with those that wait behind it")
    func writeTimeout() async throws {
        try await withSilence { stream in
            let big = [UInt8](repeating: 0, count: 64 * 1_048_576)
            let first = Task(executorPreference: stream.loop) { try await stream.write(big, timeout: .seconds(30)) }
            let second = Task(executorPreference: stream.loop) {
                try await stream.write([1], timeout: .milliseconds(30))
            }
            await #expect(throws: TransportError.timedOut(operation: "write")) { try await second.value }
            await #expect(throws: TransportError.closed) { try await first.value }
        }
    }

    @Test("a cancelled write closes the stream, and so does one that waits for its turn")
    func cancelledWrite() async throws {
        try await withSilence { stream in
            let big = [UInt8](repeating: 0, count: 64 * 1_048_576)
            let first = Task(executorPreference: stream.loop) { try await stream.write(big) }
            let second = Task(executorPreference: stream.loop) { try await stream.write([1]) }
            await Task(executorPreference: stream.loop) {}.value
            second.cancel()
            await #expect(throws: TransportError.cancelled) { try await second.value }
            await #expect(throws: TransportError.closed) { try await first.value }
        }
    }

    @Test("a stopped loop ends reads, and refuses later calls")
    func stopped() async throws {
        try await withTLS { pair in
            let loop = try EventLoop.start(name: "other")
            let connection = try await Connection.connect(to: pair.listener.localAddress, on: loop)
            let stream = try await pair.client.connect(over: connection, serverName: "localhost")
            let reading = Task { try await stream.read() }
            await loop.stop()
            await #expect(throws: TransportError.loopStopped(name: "other")) { try await reading.value }
            await #expect(throws: TransportError.loopStopped(name: "other")) { try await stream.write([1]) }
        }
    }

    @Test("a read that ends when draining does so at the shutdown")
    func draining() async throws {
        let ended = Mutex(false)
        try await withTLS(serve: { stream in
            let bytes = try? await stream.read(max: 10, timeout: .seconds(20), endsWhenDraining: true)
            ended.withLock { $0 = bytes == .some(nil) && stream.isDraining }
            stream.close()
        }) { pair in
            let stream = try await pair.connect()
            await pair.listener.shutdown(within: .seconds(20))
            #expect(try await stream.read(timeout: .seconds(20)) == nil)
        }
        #expect(ended.withLock { $0 })
    }
}
