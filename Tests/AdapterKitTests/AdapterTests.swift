import AdapterKit
import Configuration
import Messages
import Testing

@Suite struct AdapterTests {
    @Test("waiting until cancelled ends with the cancellation, and with nothing before it")
    func untilCancelledWaits() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let task = Task {
            start.finish()
            try await untilCancelled()
        }
        for await _ in started {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("waiting in a task that was cancelled before ends at once")
    func alreadyCancelled() async {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await untilCancelled()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("an adapter that says nothing else waits, and rejects what it is given")
    func defaults() async throws {
        let adapter = Mute()
        let envelope = Envelope(
            id: MessageID(high: 0x7000, low: 1 << 63), time: Timestamp(seconds: 0),
            from: try Address(parsing: "a:b"), topic: try Topic(parsing: "a:b"))
        let dispatch = Dispatch(
            number: 1, envelope: envelope, recipient: try Address(parsing: "mute:x"), idempotencyKey: "k", attempt: 1)
        #expect(try await adapter.deliver(dispatch) == .rejected(reason: "the adapter \"mute\" only receives"))
        let task = Task { try await adapter.run() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("a registry finds adapters by name, lists them in order, and is a value")
    func registry() {
        let registry = AdapterRegistry([Mute.self, Echo.self])
        #expect(registry.names == ["echo", "mute"])
        #expect(registry.manifests.map(\.name) == ["echo", "mute"])
        #expect(registry["mute"] == Mute.self)
        #expect(registry["Mute"] == nil)
        let more = AdapterRegistry([Mute.self]).with(Echo.self)
        #expect(more.names == ["echo", "mute"])
        #expect(registry.with(OtherEcho.self)["echo"] == OtherEcho.self)
        #expect(registry["echo"] == Echo.self)
    }

    @Test(
        "why a message was not taken is told in words",
        arguments: [
            (AcceptError.refused(reason: "a loop"), "a loop"), (.full(reason: "no room"), "no room"),
            (.unavailable(reason: "stopping"), "stopping"),
            (.busy(retryAfter: .seconds(7)), "the router is busy; try again in 7 s"),
            (.busy(retryAfter: .milliseconds(10)), "the router is busy; try again in 1 s"),
        ])
    func acceptErrors(error: AcceptError, text: String) {
        #expect(error.description == text)
    }

    private struct Mute: Adapter {
        static let manifest = AdapterManifest.embedded(Array("{name: mute, summary: Receives.}".utf8))
        init() {}
        init(settings: SettingsObject, context: AdapterContext) throws {}
    }

    private struct Echo: Adapter {
        static let manifest = AdapterManifest.embedded(Array("{name: echo, summary: Sends.}".utf8))
        init(settings: SettingsObject, context: AdapterContext) throws {}
    }

    private struct OtherEcho: Adapter {
        static let manifest = AdapterManifest.embedded(Array("{name: echo, summary: Sends twice.}".utf8))
        init(settings: SettingsObject, context: AdapterContext) throws {}
    }
}
