import Glibc
import TestSupport
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
        /// It ended before it connected; what it said stands in the test's output.
        case ended(status: Int32)
    }

    /// Starts the script with these arguments, the address to connect to after the first one, and lends the connection.
    static func run(
        _ script: String, _ arguments: [String], on group: EventLoopGroup,
        _ body: @escaping (Connection) async throws -> Void
    ) async throws {
        let python = interpreter ?? ".build/test-venv/bin/python"
        guard access(python, X_OK) == 0 else { throw Fault.noPython(python) }
        let (connections, arrived) = AsyncStream<Connection>.makeStream()
        let (ends, endConnections) = AsyncStream<Void>.makeStream()
        let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
        async let running: Void = listener.run { connection in
            arrived.yield(connection)
            for await _ in ends { break }
        }
        var arguments = arguments
        arguments.insert("\(listener.localAddress)", at: 1)
        let process = try start([python, script] + arguments)
        let end = Task { await ended(process, arrived) }
        var failure: (any Error)?
        var hasConnected = false
        for await connection in connections {
            hasConnected = true
            do {
                try await body(connection)
            } catch {
                failure = error
            }
            connection.close()
            break
        }
        endConnections.finish()
        await listener.shutdown(within: .zero)
        await running
        // It ends with the connection.
        let status = await end.value
        if let failure { throw failure }
        if !hasConnected { throw Fault.ended(status: status) }
    }

    /// The status of the process when it has ended; whoever waits for its connection then learns that none comes.
    private static func ended(_ process: pid_t, _ arrived: AsyncStream<Connection>.Continuation) async -> Int32 {
        var status: Int32 = 0
        do {
            try await waitUntil(within: .seconds(120)) { waitpid(process, &status, WNOHANG) != 0 }
        } catch {
            kill(process, SIGKILL)
            waitpid(process, &status, 0)
        }
        arrived.finish()
        return status
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
