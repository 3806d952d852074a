import Clocks
import Files
import Messages
import Spooling

/// The verb `postroad spool check`.
enum SpoolCheckVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "spool check", summary: "Looks for damage in the spool: its pages, tables, messages and blobs.",
        discussion: """
            It only reads, and works beside a running router as well as without one. It ends with 1 when something is
            wrong; `postroad spool repair` saves what can be saved.
            """,
        options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let upkeep = try SpoolUpkeep.of(arguments)
        let report = try await upkeep.check(console.showsProgress)
        console.print(report, isJSON: arguments.has("json"))
        return report.isSound ? .good : .badInput
    }
}

/// The verb `postroad spool repair`.
enum SpoolRepairVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "spool repair", summary: "Saves what can be read of a damaged spool; the router must be stopped.",
        discussion: """
            What can be read goes into a new database, which takes the place of the damaged one; that is kept beside it,
            named with the time. What is lost is printed, and listed by `postroad spool list --damaged`. A dispatch whose
            row is lost is held, one whose message is lost becomes a dead letter. A sound spool is left as it is. It ends
            with 1 when something is lost.
            """,
        options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let done = try await SpoolUpkeep.of(arguments).repair(console.showsProgress)
        if arguments.has("json") {
            console.print(json(done).indented())
        } else {
            for finding in done.lost { console.print("\(finding.place): \(finding.problem)") }
            console.note(summary(done))
        }
        return done.lost.isEmpty ? .good : .badInput
    }

    private static func summary(_ done: SpoolRepair) -> String {
        guard let kept = done.kept else {
            return done.lost.isEmpty
                ? "the spool is sound" : "the database is sound; of the blobs, those above are lost"
        }
        return "saved \(done.saved) rows, lost what is above (\(done.lost.count)); the damaged database is \(kept)"
    }

    private static func json(_ done: SpoolRepair) -> JSON {
        var object: JSONObject = ["saved": .integer(Int64(done.saved)), "lost": .array(done.lost.map(\.json))]
        object["kept"] = done.kept.map { .string($0.text) }
        return .object(object)
    }
}

/// The verb `postroad spool backup`.
enum SpoolBackupVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "spool backup", summary: "Copies the spool into a folder, while the router works, and checks the copy.",
        arguments: [.init(name: "FOLDER", prose: "a folder without a spool; it is made when missing")],
        options: [.json],
        examples: [
            .init(line: "postroad spool backup /srv/backups/$(date +%F)", prose: "a copy for each day")
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let folder = FilePath(arguments.positionals[0])
        let report = try await SpoolUpkeep.of(arguments).backUp(to: folder, console.showsProgress)
        console.print(report, isJSON: arguments.has("json"))
        let copy = folder.appending("spool.db")
        console.note(
            report.isSound
                ? "copied to \(copy), with the blobs beside it"
                : "copied to \(copy), as damaged as the spool is; see `postroad spool check`")
        return report.isSound ? .good : .badInput
    }
}

/// The verb `postroad spool restore`.
enum SpoolRestoreVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "spool restore", summary: "Brings a backup back; the router must be stopped, and have no spool.",
        discussion: "The backup is checked first. A spool that is there is never overwritten: move it away.",
        arguments: [.init(name: "FOLDER", prose: "the folder that `postroad spool backup` made")], options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let folder = FilePath(arguments.positionals[0])
        let data = FilePath(try ConfigurationFile.load(arguments).paths.data)
        let report = try await SpoolUpkeep.of(arguments).restore(from: folder, console.showsProgress)
        console.print(report, isJSON: arguments.has("json"))
        console.note(
            report.isSound
                ? "restored \(data.appending("spool.db")) from \(folder), with its blobs"
                : "\(folder) is damaged, and nothing was written to \(data)")
        return report.isSound ? .good : .badInput
    }
}

extension SpoolUpkeep {
    /// Looks after the spool of the router that the configuration describes.
    fileprivate static func of(_ arguments: ParsedArguments) throws(CommandError) -> SpoolUpkeep {
        SpoolUpkeep(folder: FilePath(try ConfigurationFile.load(arguments).paths.data), clock: SystemClock())
    }
}

extension SpoolFinding {
    fileprivate var json: JSON { ["place": .string(place), "problem": .string(problem)] }
}

extension Console {
    /// Tells a person how far the work is; a program is not told.
    fileprivate var showsProgress: SpoolUpkeep.Tell {
        guard isInteractive else { return { _ in } }
        return { progress in
            note(progress.total.map { "\(progress.step): \(progress.done) of \($0)" } ?? progress.step)
        }
    }

    fileprivate func print(_ report: SpoolReport, isJSON: Bool) {
        guard !isJSON else {
            let json: JSON = [
                "sound": .bool(report.isSound), "schema": .integer(Int64(report.schema)),
                "messages": .integer(Int64(report.messages)), "dispatches": .integer(Int64(report.dispatches)),
                "blobs": .integer(Int64(report.blobs)), "set_aside": .integer(Int64(report.setAside)),
                "finding_count": .integer(Int64(report.findingCount)), "findings": .array(report.findings.map(\.json)),
            ]
            return print(json.indented())
        }
        for finding in report.findings { print("\(finding.place): \(finding.problem)") }
        let facts = "\(report.messages) messages, \(report.dispatches) dispatches, \(report.blobs) blobs"
        let known = report.setAside == 0 ? "" : ", \(report.setAside) set aside earlier"
        let verdict =
            switch report.findingCount {
            case 0: "sound"
            case 1: "1 fault"
            default: "\(report.findingCount) faults"
            }
        note("\(facts)\(known): \(verdict)")
    }
}
