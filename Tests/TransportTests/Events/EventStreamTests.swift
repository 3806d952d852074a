import Synchronization
import TestSupport
import Testing

@testable import Transport

/// A sink that can begin to drain.
private final class DrainingSink: HTTPBodySink {
    let drains = Atomic<Bool>(false)
    let collector = BodyCollector()

    var isDraining: Bool { drains.load(ordering: .acquiring) }

    func write(_ bytes: [UInt8]) async throws(TransportError) { try await collector.write(bytes) }
    func setTrailers(_ trailers: HTTPFields) {}
}

@Suite struct EventStreamTests {
    private let clock = ManualClock()

    private var configuration: EventStreamConfiguration {
        EventStreamConfiguration(
            keepAlive: .seconds(15), drainCheck: .seconds(5), sleep: { [clock] in try await clock.sleep(for: $0) })
    }

    private func produce(_ response: HTTPResponse, into sink: any HTTPBodySink) async throws {
        guard case .stream(let produce) = response.body else { return }
        try await produce(HTTPBodyWriter(sink))
    }

    @Test("events go out in their order, each in one piece")
    func order() async throws {
        let response = HTTPResponse.events(configuration) { writer in
            for number in 1...3 { try await writer.send(ServerEvent(id: "\(number)", data: "x\ny")) }
        }
        let collector = BodyCollector()
        _ = try await response.collected(collector)
        #expect(response.headers["content-type"] == "text/event-stream")
        #expect(response.headers["cache-control"] == "no-store")
        #expect(
            collector.pieces.map { String(decoding: $0, as: UTF8.self) } == [
                ":\n\n", "id: 1\ndata: x\ndata: y\n\n", "id: 2\ndata: x\ndata: y\n\n", "id: 3\ndata: x\ndata: y\n\n",
            ])
    }

    @Test("the first line may say when to come back")
    func retry() async throws {
        let response = HTTPResponse.events(EventStreamConfiguration(retry: .seconds(2))) { _ in }
        #expect(String(decoding: try await response.collected(), as: UTF8.self) == "retry: 2000\n\n")
    }

    @Test("when nothing happens a comment goes out, and only then")
    func keepAlive() async throws {
        let (ticks, tick) = AsyncStream<Void>.makeStream()
        let sink = DrainingSink()
        let response = HTTPResponse.events(configuration) { writer in
            for await _ in ticks { try await writer.send(ServerEvent(data: "x")) }
        }
        async let running: Void = produce(response, into: sink)
        func sleepThrough() async {
            for _ in 0..<3 {
                await clock.waitForSleepers()
                clock.advance(by: .seconds(5))
            }
            await clock.waitForSleepers()
        }
        await sleepThrough()
        #expect(sink.collector.text == ":\n\n:\n\n")
        tick.yield()
        try await waitUntil { sink.collector.text.hasSuffix("data: x\n\n") }
        await sleepThrough()
        #expect(sink.collector.text.hasSuffix("data: x\n\n"))
        await sleepThrough()
        #expect(sink.collector.text.hasSuffix("data: x\n\n:\n\n"))
        tick.finish()
        try await running
    }

    @Test("a stream ends in good order when the server shuts down, though nothing happens")
    func drain() async throws {
        let (silence, end) = AsyncStream<Void>.makeStream()
        let sink = DrainingSink()
        let response = HTTPResponse.events(configuration) { _ in
            for await _ in silence {}
            try Task.checkCancellation()
        }
        async let running: Void = produce(response, into: sink)
        await clock.waitForSleepers()
        sink.drains.store(true, ordering: .releasing)
        clock.advance(by: .seconds(5))
        try await running
        end.finish()
    }

    @Test("a client that is gone ends the stream with an error, be it noticed by an event or between them")
    func gone() async throws {
        let busy = HTTPResponse.events(configuration) { writer in
            while true { try await writer.send(ServerEvent(data: "x")) }
        }
        await #expect(throws: TransportError.closed) { try await busy.collected(BodyCollector(failingAt: 5)) }
        let idle = HTTPResponse.events(configuration) { _ in try await Task.sleep(for: .seconds(3_600)) }
        let running = Task { try await idle.collected(BodyCollector(failingAt: 2)) }
        for _ in 0..<3 {
            await clock.waitForSleepers()
            clock.advance(by: .seconds(5))
        }
        await #expect(throws: TransportError.closed) { try await running.value }
    }

    @Test("tasks that send at the same time do not mix their events")
    func together() async throws {
        let response = HTTPResponse.events(configuration) { writer in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<50 { tasks.addTask { try await writer.send(ServerEvent(data: "\(number)")) } }
                try await tasks.waitForAll()
            }
        }
        let collector = BodyCollector()
        _ = try await response.collected(collector)
        #expect(Set(collector.pieces.dropFirst()) == Set((0..<50).map { Array("data: \($0)\n\n".utf8) }))
    }

    @Test("over HTTP the stream has a proper end")
    func overHTTP() async throws {
        let router = HTTPRouter([
            try HTTPRoute(.get, "/events") { request in
                .events { try await $0.send(ServerEvent(data: request.lastEventID ?? "none")) }
            }
        ])
        try await withServer(router) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.loops[0])
            try await connection.write(
                "GET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 41\r\nConnection: close\r\n\r\n")
            let answer = try await connection.readAll()
            #expect(answer.contains("data: 41\n\n") && answer.hasSuffix("0\r\n\r\n"))
        }
    }
}
