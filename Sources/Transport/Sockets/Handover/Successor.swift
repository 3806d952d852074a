import CCurl
import CUV
import Glibc

/// A process that is to take this one's place, and the line to it.
public struct Successor: Sendable {
    /// The number of the process.
    public let process: Int32
    /// The line to it.
    public let link: HandoverLink
    private let loop: EventLoop

    /// Starts a program with the listening sockets that listeners have taken, and with nothing else of what is open
    /// here but the standard streams.
    ///
    /// - Parameters:
    ///   - program: The path of the executable.
    ///   - arguments: The arguments, with the program's name as the first one.
    ///   - environment: The environment; ``Inheritance/variables`` are replaced.
    ///   - sockets: The sockets that it gets beside us.
    ///   - loop: The loop that the line lives on.
    /// - Returns: The process, which has yet to say that it is ready.
    /// - Throws: The system's error, such as a program that is not there.
    public static func start(
        _ program: String, arguments: [String], environment: [String: String], sockets: ListeningSockets,
        on loop: EventLoop
    ) async throws(TransportError) -> Successor {
        var pair: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else {
            throw .system(operation: "socketpair", code: -errno, subject: program)
        }
        let taken = sockets.taken
        var environment = environment.filter { !Inheritance.variables.contains($0.key) }
        environment[Inheritance.predecessor] = "\(getpid())"
        environment[Inheritance.names] = taken.map(\.name).joined(separator: ":")
        let spawned = Spawn(program, arguments, environment).run([pair[1]] + taken.map(\.socket.descriptor))
        Glibc.close(pair[1])
        do throws(TransportError) {
            let process = try spawned.get()
            return Successor(process: process, link: try await HandoverLink.open(pair[0], on: loop), loop: loop)
        } catch {
            if case .failure = spawned { Glibc.close(pair[0]) }
            throw error
        }
    }

    /// Ends the process, and returns when it is gone.
    public func end() async {
        link.close()
        kill(process, SIGKILL)
        for _ in 0..<Self.patience {
            var status: CInt = 0
            if waitpid(process, &status, WNOHANG) != 0 { return }
            // Uncancelled: who is gone must be known to be gone.
            await Task(executorPreference: loop) { [loop] in try? await loop.sleep(for: .milliseconds(10)) }.value
        }
    }

    /// Asks the process to stop in order.
    public func stop() {
        kill(process, SIGTERM)
    }

    /// How often to look whether a killed process is gone.
    private static var patience: Int { 500 }
}

/// A program to be started.
private struct Spawn {
    private let program: String
    private let arguments: [String]
    private let environment: [String]

    init(_ program: String, _ arguments: [String], _ environment: [String: String]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment.map { "\($0.key)=\($0.value)" }
    }

    /// Starts it with these descriptors from the third on; its number.
    func run(_ descriptors: [CInt]) -> Result<Int32, TransportError> {
        // Out of the way of where they are to be, so that none overwrites one that is still to come.
        let first = InheritedSockets.firstDescriptor
        let end = first + CInt(descriptors.count)
        let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, end) }
        defer { for copy in copies where copy >= 0 { Glibc.close(copy) } }
        guard !copies.contains(where: { $0 < 0 }) else {
            return .failure(.system(operation: "fcntl", code: -errno, subject: program))
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (index, copy) in copies.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, copy, first + CInt(index))
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, end)
        return start(&actions)
    }

    private func start(_ actions: inout posix_spawn_file_actions_t) -> Result<Int32, TransportError> {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Loops block signals on their threads; the program begins with none blocked.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process: pid_t = 0
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        let code = posix_spawn(&process, program, &actions, &attributes, &argv, &envp)
        guard code == 0 else { return .failure(.system(operation: "posix_spawn", code: -code, subject: program)) }
        return .success(process)
    }
}
