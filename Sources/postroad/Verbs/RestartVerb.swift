import Clocks
import Messages
import Transport

/// The verb `postroad restart`.
enum RestartVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "restart", summary: "Has a new process of the program take the router's place, with no gap.",
        discussion: """
            The new process is started as the running one was: the same path, arguments and environment, so a program
            that was replaced and settings that need a restart come into force. If it cannot use the configuration, the
            running one goes on and the verb ends with 1. Else the running one takes nothing new, ends what is under way,
            and hands over; clients that connect meanwhile wait, none is refused.
            """,
        options: [.json],
        examples: [.init(line: "postroad restart", prose: "after an update, or a change under `router:`")])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let before = try await router.get("/v1/status")
            let answer = try await router.post("/v1/restart")
            let after = try await successor(answer["pid"]?.integer ?? 0, of: before, router)
            guard !arguments.has("json") else { return console.answer(answer) }
            console.print(
                """
                process \(after.text("pid")) (\(after.text("version"))) took over \
                from \(answer.text("old_pid")) (\(answer.text("old_version")))
                """)
            return .good
        }
    }

    /// Waits until the new process answers; its status.
    ///
    /// - Throws: ``CommandError/input(_:)`` when the old one goes on after all.
    private static func successor(
        _ process: Int64, of before: JSON, _ router: ControlClient
    ) async throws -> JSON {
        while true {
            let status = try await router.get("/v1/status")
            if status["pid"]?.integer == process { return status }
            if status["since"] != before["since"] {
                throw CommandError.input(
                    """
                    the new process did not take over, the old one goes on: \
                    \(status["restart_failure"]?.string ?? "the log may tell why")
                    """)
            }
            try await SystemClock().sleep(for: .milliseconds(50))
        }
    }
}
