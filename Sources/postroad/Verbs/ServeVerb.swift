import Clocks
import Glibc
import Transport

/// The verb `postroad serve`.
enum ServeVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "serve", summary: "Runs the router until it is told to stop (SIGINT, SIGTERM).",
        discussion: """
            The configuration is loaded again when its file changes, and on SIGHUP: a bad one changes nothing and is
            reported. SIGHUP opens the log file anew as well. On SIGTERM what is under way is finished first. On SIGUSR2
            a new process of the program takes over, as `postroad restart` says.
            """)

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let environment = processEnvironment()
        let program = try OwnProgram.find(CommandLine.arguments, environment: environment)
        let inheritance = try Inheritance(environment)
        // No thread of ours reads the environment from here on but by the copy.
        for variable in Inheritance.variables { unsetenv(variable) }
        let loops = try EventLoopGroup()
        let result: Result<Void, any Error>
        do {
            result = .success(try await serve(arguments, program, environment, inheritance, loops))
        } catch {
            result = .failure(error)
        }
        // Also after an error: libuv must not be at work any more when the process ends.
        await loops.stop()
        try result.get()
        return .good
    }

    private static func serve(
        _ arguments: ParsedArguments, _ program: OwnProgram, _ environment: [String: String],
        _ inheritance: Inheritance, _ loops: EventLoopGroup
    ) async throws {
        let predecessor = try await inheritance.link(on: loops.loops[0])
        do {
            let daemon = Daemon(
                arguments, program: program, environment: environment,
                log: try LogDestination(arguments, clock: SystemClock()), loops: loops, inheritance: inheritance)
            try await daemon.run(succeeding: predecessor)
        } catch {
            // One that is gone needs no reason.
            try? await predecessor?.send(.failed(reason: "\(error)"))
            throw error
        }
    }
}
