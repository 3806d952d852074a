import Clocks
import Configuration
import Files
import Messages
import Routing
import Spooling

/// The verb `postroad check`.
enum CheckVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "check", summary: "Says everything that is wrong with a configuration, and runs its tests.",
        discussion: """
            It needs no network and no running router. It ends with 1 when there is an error or a test fails.

            With --strict what is doubtful is as bad as what is wrong: routes that no message reaches, recipients that get
            everything by an earlier route, stages that no route uses, and subscriptions in the spool by whose source
            nothing comes in or to whose address nothing goes out.
            """,
        arguments: [.init(name: "FILE", prose: "the configuration, instead of --config", isRequired: false)],
        options: [.json, .init(name: "strict", prose: "end with 1 for what is doubtful too, and look for more of it")])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let path = arguments.positionals.first ?? arguments.configuration
        let now = SystemClock().now
        let isStrict = arguments.has("strict")
        var (configuration, diagnostics) = ConfigurationFile.readChecked(path: path, now: now)
        if isStrict, let configuration { diagnostics += try findings(configuration) }
        let results = configuration?.runTests(now: now) ?? []
        let failed = results.filter { !$0.passed }
        let errors = diagnostics.count { $0.severity == .error }
        if arguments.has("json") {
            console.print(report(diagnostics, results).indented())
        } else {
            if configuration == nil {
                console.print(ConfigurationFile.report(diagnostics, path: path))
            } else {
                for diagnostic in diagnostics { console.print(diagnostic.description) }
            }
            for result in failed { console.print(result.description) }
            console.note(summary(path, configuration, errors: errors, tests: results.count, failed: failed.count))
        }
        let isSound = isStrict ? diagnostics.isEmpty : errors == 0
        return isSound && failed.isEmpty && configuration != nil ? .good : .badInput
    }

    /// The most subscriptions that are told one by one.
    private static let maximumTold = 100

    private static func findings(_ configuration: RouterConfiguration) throws -> [Diagnostic] {
        var found = configuration.strictFindings
        var count = 0
        try StoredDirectory(folder: FilePath(configuration.router.data))?.forEachSubscription { subscription in
            guard let finding = configuration.finding(on: subscription) else { return }
            count += 1
            if count <= maximumTold { found.append(finding) }
        }
        if count > maximumTold {
            found.append(
                Diagnostic(.warning, at: .builtIn, "so it is with \(count - maximumTold) subscriptions more"))
        }
        return found
    }

    private static func summary(
        _ path: String, _ configuration: RouterConfiguration?, errors: Int, tests: Int, failed: Int
    ) -> String {
        guard let configuration else { return "\(path): \(errors == 1 ? "1 error" : "\(errors) errors")" }
        guard errors == 0 else { return "\(path): \(errors == 1 ? "1 error" : "\(errors) errors")" }
        let facts = "\(configuration.mailboxes.count) mailboxes, \(configuration.table.routes.count) routes"
        return "\(path): \(facts), \(tests - failed) of \(tests) tests passed"
    }

    private static func report(_ diagnostics: [Diagnostic], _ results: [RouteTestResult]) -> JSON {
        let found = diagnostics.map { diagnostic -> JSON in
            var row: JSONObject = [
                "severity": diagnostic.severity == .error ? "error" : "warning",
                "file": .string(diagnostic.position.file), "line": .integer(Int64(diagnostic.position.line)),
                "column": .integer(Int64(diagnostic.position.column)),
                "key": .string(diagnostic.keyPath.description), "message": .string(diagnostic.message),
            ]
            row["suggestion"] = diagnostic.suggestion.map(JSON.string)
            return .object(row)
        }
        let tests = results.map { result -> JSON in
            [
                "name": .string(result.test.name), "line": .integer(Int64(result.test.position.line)),
                "passed": .bool(result.passed),
                "differences": .array(
                    result.differences.map {
                        ["what": .string($0.subject), "expected": .string($0.expected), "got": .string($0.got)]
                    }),
            ]
        }
        return ["diagnostics": .array(found), "tests": .array(tests)]
    }
}
