import Glibc
import Transport

/// A process of Python that runs a script and talks to the test by a connection back.
struct PythonPeer {
    /// The Python of `.build/test-venv`, which `make test` names; nil when somebody runs the unit tests alone.
    static var interpreter: String? { getenv("POSTROAD_TEST_PYTHON").map { String(cString: $0) } }

    /// Why a peer does not run.
    enum Fault: Error {
        /// `make setup-test` makes the environment.
        case noPython(String)
        case notStarted(Int32)
    }

    /// Starts the script with these arguments, the address to connect to after the first one, and lends the connection.
    static func run(
        _ script: String, _ arguments: [String], on group: EventLoopGroup,
        _ body: @escaping (Connection) async throws -> Void
    ) async throws {
        let python = interpreter ?? ".build/test-venv/bin/python"
        guard access(python, X_OK) == 0 else { throw Fault.noPython(python) }
        let (connections, arrived) = AsyncStream<Connection>.makeStream()
        let (ends, end) = AsyncStream<Void>.makeStream()
        let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
        async let running: Void = listener.run { connection in
            arrived.yield(connection)
            for await _ in ends { break }
        }
        var arguments = arguments
        arguments.insert("\(listener.localAddress)", at: 1)
        let process = try start([python, script] + arguments)
        var failure: (any Error)?
        for await connection in connections {
            do {
                try await body(connection)
            } catch {
                failure = error
            }
            connection.close()
            break
        }
        end.finish()
        await listener.shutdown(within: .zero)
        await running
        // It ends with the connection.
        waitpid(process, nil, 0)
        if let failure { throw failure }
    }

    private static func start(_ arguments: [String]) throws(Fault) -> pid_t {
        var process = pid_t()
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        let code = posix_spawn(&process, arguments[0], nil, nil, pointers, environ)
        guard code == 0 else { throw .notStarted(code) }
        return process
    }
}
