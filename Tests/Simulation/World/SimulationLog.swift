import Logging
import Synchronization

/// Where the simulated router logs: it is looked through for what must not be there, and shown on request.
final class SimulationLog: LogSink {
    private let found = Mutex<[String]>([])
    private let show: (@Sendable (String) -> Void)?

    init(show: (@Sendable (String) -> Void)?) {
        self.show = show
    }

    /// The events that show a body.
    var leaks: [String] { found.withLock { $0 } }

    func write(_ event: LogEvent) {
        if event.fields.contains(where: { World.isPrivate($0.value) }) {
            found.withLock { $0.append(event.name) }
        }
        guard let show else { return }
        show("  \(event.level) \(event.name) " + event.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
    }
}
