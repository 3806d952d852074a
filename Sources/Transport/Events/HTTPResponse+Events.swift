/// How a stream of server-sent events is kept alive.
public struct EventStreamConfiguration: Sendable {
    /// How often a line goes out when nothing happens, so that proxies and both ends see that the other one is there.
    public var keepAlive: Duration
    /// How often it is looked whether the server is shutting down.
    public var drainCheck: Duration
    /// How long a client shall wait before it comes back; nil leaves that to the client.
    public var retry: Duration?
    /// Waits.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Creates a configuration.
    public init(
        keepAlive: Duration = .seconds(15), drainCheck: Duration = .seconds(1), retry: Duration? = nil,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.keepAlive = max(keepAlive, .milliseconds(1))
        self.drainCheck = max(drainCheck, .milliseconds(1))
        self.retry = retry
        self.sleep = sleep
    }
}

extension HTTPResponse {
    /// Creates a response of server-sent events: what the closure sends until it returns.
    ///
    /// The closure's task is cancelled when the client goes away, and when the server shuts down, which ends the response
    /// in good order. See ``HTTPRequest/lastEventID`` for where to begin.
    public static func events(
        _ configuration: EventStreamConfiguration = EventStreamConfiguration(),
        _ produce: @escaping @Sendable (EventWriter) async throws -> Void
    ) -> HTTPResponse {
        let headers: HTTPFields = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-store",
            // nginx would collect events before it passes them on.
            "X-Accel-Buffering": "no",
        ]
        return HTTPResponse(
            .ok, headers: headers, body: .stream { try await run(configuration, produce, $0) })
    }

    private static func run(
        _ configuration: EventStreamConfiguration, _ produce: @escaping @Sendable (EventWriter) async throws -> Void,
        _ body: HTTPBodyWriter
    ) async throws {
        // The first bytes tell the client, and every proxy between, that the stream is there.
        try await body.write(configuration.retry.map { "retry: \($0.loopMilliseconds)\n\n" } ?? ":\n\n")
        let writer = EventWriter(body)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await produce(writer) }
            tasks.addTask { try await watch(writer, configuration) }
            defer { tasks.cancelAll() }
            try await tasks.next()
            tasks.cancelAll()
            do {
                try await tasks.next()
            } catch is CancellationError {
                // The other one was told to end.
            }
        }
    }

    /// Keeps the stream alive, and returns when the server shuts down.
    private static func watch(_ writer: EventWriter, _ configuration: EventStreamConfiguration) async throws {
        var quiet = Duration.zero
        while !writer.isDraining {
            let pause = min(configuration.drainCheck, configuration.keepAlive - quiet)
            try await configuration.sleep(pause)
            quiet += pause
            if quiet >= configuration.keepAlive {
                quiet = .zero
                try await writer.keepAlive()
            }
        }
    }
}

extension HTTPRequest {
    /// The id of the last event that a client has seen which comes back; nil for one that comes first.
    public var lastEventID: String? {
        headers["last-event-id"].flatMap { $0.isEmpty ? nil : $0 }
    }
}
