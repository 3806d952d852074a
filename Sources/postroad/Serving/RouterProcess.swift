import Gateway
import Messages
import Transport

/// How a router ends.
enum RouterEnding: Sendable {
    /// For good.
    case stop
    /// Another process takes its place: sockets stay open, and connections wait in the kernel.
    case handOver
}

/// What a router has of the process that it lives in.
struct RouterProcess: Sendable {
    /// The listening sockets, which may come from another process and go to one.
    var sockets = ListeningSockets()
    /// What it shows to clients, if that was settled before the spool was opened.
    var front: RouterFront?
    /// Where it listens, if that was.
    var listeners: RouterListeners?
    /// Why the last attempt to have another process take the place came to nothing.
    var restartFailure: String?
    /// Called once the router serves.
    var whenReady: @Sendable () async -> Void = {}
    /// Has another process take the router's place.
    var restart: @Sendable () async throws -> JSONObject = {
        throw RestartRefusal(reason: "this router is part of another program, which has to restart it")
    }
}
