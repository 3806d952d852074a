import CCurl
import CUV
import Glibc

/// What a process was started with by the one that it is to succeed, or by a service manager.
public struct Inheritance: Sendable {
    /// The listening sockets.
    public let sockets: InheritedSockets
    private let link: CInt?

    /// Takes over what the environment tells of; to be called once, at the start.
    ///
    /// The caller removes ``variables`` from the environment. The variables of another process pass nothing.
    ///
    /// - Throws: `TransportError.notListening` for a descriptor that is not what it should be.
    public init(
        _ environment: [String: String], process: Int32 = Self.ownProcess, parent: Int32 = Self.parentProcess
    ) throws(TransportError) {
        guard environment[Self.predecessor].flatMap(Int32.init) == parent,
            let names = environment[Self.names]
        else {
            sockets = try InheritedSockets.passed(environment, process: process)
            link = nil
            return
        }
        let link = InheritedSockets.firstDescriptor
        guard fcntl(link, F_SETFD, FD_CLOEXEC) == 0 else {
            throw .notListening(descriptor: link, reason: "it is not open")
        }
        let listed = names.isEmpty ? [] : names.split(separator: ":", omittingEmptySubsequences: false)
        sockets = try InheritedSockets.adopt(
            listed.enumerated().map { (link + 1 + CInt($0.offset), String($0.element)) }, areNamed: false)
        self.link = link
    }

    /// The line to the process that this one is to succeed; nil when there is none.
    ///
    /// - Throws: The system's error.
    public func link(on loop: EventLoop) async throws(TransportError) -> HandoverLink? {
        guard let link else { return nil }
        return try await HandoverLink.open(link, on: loop)
    }

    /// The variables that tell of an inheritance, and that programs the process starts must not see.
    public static var variables: [String] { [predecessor, names] + InheritedSockets.variables }

    /// This process's number.
    public static var ownProcess: Int32 { getpid() }
    /// The number of the process that started this one.
    public static var parentProcess: Int32 { getppid() }

    /// Names the process whose successor is meant.
    static var predecessor: String { "HANDOVER_PID" }
    /// The names of the sockets from the fourth descriptor on; the third is the link.
    static var names: String { "HANDOVER_FDNAMES" }
}
