import Clocks
import Configuration
import Messages
import Routing

/// The verb `postroad check`.
enum CheckVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "check", summary: "Says everything that is wrong with a configuration, and runs its tests.",
        discussion: "It needs no network and no running router. It ends with 1 when there is an error or a test fails.",
        arguments: [.init(name: "FILE", prose: "the configuration, instead of --config", isRequired: false)],
        options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let path = arguments.positionals.first ?? arguments.configuration
        let now = SystemClock().now
        let (configuration, diagnostics) = ConfigurationFile.readChecked(path: path, now: now)
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
        return errors == 0 && failed.isEmpty && configuration != nil ? .good : .badInput
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
