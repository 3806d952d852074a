import Logging
import Synchronization

/// What the connections of one server share on one loop: only its thread uses it.
final class HTTPLoopContext {
    let configuration: HTTPServerConfiguration
    let handler: any HTTPHandler
    let logger: Logger
    let parser = HTTPHeadParser()
    private var date: HTTPDate
    private var spare: [UInt8] = []

    init(_ configuration: HTTPServerConfiguration, _ handler: any HTTPHandler, _ logger: Logger) {
        self.configuration = configuration
        self.handler = handler
        self.logger = logger
        date = HTTPDate(configuration.currentTime)
    }

    /// The line of the `Date` field.
    func dateLine() -> [UInt8] {
        date.line()
    }

    /// An empty buffer that may have room already.
    func takeBuffer() -> [UInt8] {
        defer { spare = [] }
        return spare
    }

    /// Keeps a buffer for the next response, unless it has grown large.
    func giveBack(_ buffer: consuming [UInt8]) {
        guard buffer.capacity <= Self.keptCapacity else { return }
        spare = buffer
        spare.removeAll(keepingCapacity: true)
    }

    private static var keptCapacity: Int { 16_384 }
}

/// The contexts of a server, made when the first connection of a loop comes.
final class HTTPLoopContexts: Sendable {
    private let contexts = Mutex<[ObjectIdentifier: LoopBound<HTTPLoopContext>]>([:])

    /// The context of a loop, on its thread.
    func context(of loop: EventLoop, _ make: () -> HTTPLoopContext) -> HTTPLoopContext {
        contexts.withLock { contexts in
            if let context = contexts[ObjectIdentifier(loop)] { return context }
            let context = LoopBound(make(), to: loop)
            contexts[ObjectIdentifier(loop)] = context
            return context
        }
        .value
    }
}
