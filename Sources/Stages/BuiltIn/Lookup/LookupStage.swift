public import Configuration
public import Messages

/// Finds a row of a table, and puts what stands in it among the facts of the message.
public struct LookupStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "lookup", .object(schema), isRequired: true,
                """
                A table, and what to look for in it. The table is read with the configuration, and again when the file \
                changes; the messages of one moment all see the same table.
                """,
                example: "{file: customers.csv, key: \"{{from.user}}\", into: meta.customer}"),
            summary: "finds a row of a table in a file, and keeps what stands in it in `meta`",
            example: StageExample(
                "{lookup: {file: customers.csv, key: \"{{from.user}}\", into: meta.customer}}",
                files: ["customers.csv": "address,name,level\nann@example.org,Ann Lee,gold\n"],
                before: ["text": "Hello"],
                .passes(["meta.customer.name": "Ann Lee", "meta.customer.level": "gold"])))
    }

    private static var schema: SettingsSchema {
        [
            Setting("file", .path, isRequired: true, "The file of the table.", example: "customers.csv"),
            Setting(
                "key", .string, isRequired: true, "What is looked for: a template.", example: "\"{{meta.customer_id}}\""
            ),
            Setting(
                "format", .choice(LookupTable.Format.allCases.map(\.rawValue)),
                """
                How the table is written; what the file's name ends in unless given. `csv` and `tsv` name the columns in the \
                first line. `json` is an object of objects by their keys, or a list of objects.
                """),
            Setting(
                "column", .string,
                "The column of the keys; the first one unless given. A list of objects in JSON needs it.", example: "id"
            ),
            Setting("ignore_case", .boolean, default: "false", "Whether keys are the same in upper and lower case."),
            Setting(
                "set", .map(of: .string), range: SettingRange(1...100),
                "Fields, as `set` names them, and the columns that they get. Without it all columns go into `into`.",
                example: "{meta.name: name, priority: level}"),
            Setting("into", .string, default: "meta", "What the columns are put into: `meta`, or an object in it."),
            Setting(
                "missing", .choice(["pass", "drop", "hold"]), default: "pass",
                "What becomes of a message whose key is not in the table."),
        ]
    }

    private let file: String
    private let table: LookupTable
    private let key: Template
    private let target: LookupTarget
    private let missing: String

    /// Makes the stage; what is wrong with the table, the template or a field is reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        guard let settings = arguments.value.object else { return nil }
        let key = Template.parse(
            settings.string("key"), node: arguments.node["key"] ?? arguments.node, at: settings.keyPath(of: "key"),
            diagnostics: &diagnostics)
        let target = LookupTarget(settings, diagnostics: &diagnostics)
        let table = Self.table(settings, arguments.surroundings.files, diagnostics: &diagnostics)
        guard let key, let target, let table else { return nil }
        (self.key, self.target, self.table) = (key, target, table)
        file = settings.string("file")
        missing = settings.string("missing")
    }

    private static func table(
        _ settings: SettingsObject, _ files: ConfigurationFiles, diagnostics: inout Diagnostics
    ) -> LookupTable? {
        let (path, position) = (settings.string("file"), settings.position(of: "file"))
        let ending = path.split(separator: ".").last.map(String.init) ?? ""
        guard let format = LookupTable.Format(rawValue: settings.stringIfGiven("format") ?? ending.lowercased()) else {
            diagnostics.error(
                "the name of \(path) does not say how it is written; add format: csv, tsv or json", at: position,
                keyPath: settings.keyPath(of: "file"))
            return nil
        }
        do {
            let text = try files.text(path, namedAt: position, limit: LookupTable.sizeLimit)
            do {
                return try LookupTable(
                    text, as: format, column: settings.stringIfGiven("column"),
                    ignoresCase: settings.boolean("ignore_case"))
            } catch {
                diagnostics.error(
                    "\(path) is no table: \(error.message)", at: position, keyPath: settings.keyPath(of: "file"))
            }
        } catch {
            diagnostics.error(error.description, at: position, keyPath: settings.keyPath(of: "file"))
        }
        return nil
    }

    /// Looks the key up.
    ///
    /// - Throws: ``StageError/badValue(field:text:expected:)`` when a value does not fit the field it is for, and what a
    ///   template throws.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        let key = try key.render(envelope, context: context)
        guard let row = table[key] else {
            let reason = "\(ShownText.quoted(key)) is not in \(file)"
            switch missing {
            case "drop": return .drop(reason: reason)
            case "hold": return .hold(reason: reason, until: nil)
            default: return .pass(envelope, notes: [reason])
            }
        }
        var changed = envelope
        for change in try target.changes(row, now: context.now) { change.apply(to: &changed) }
        return .pass(changed)
    }
}

/// Where the columns of a row go.
private enum LookupTarget: Sendable {
    /// All of them into an object of facts.
    case facts([String])
    /// These columns into these fields.
    case fields([(field: EnvelopeField, column: String)])

    init?(_ settings: SettingsObject, diagnostics: inout Diagnostics) {
        let into = settings.string("into")
        guard settings.isGiven("set") else {
            let path = into == "meta" ? [] : into.hasPrefix("meta.") ? MetaPath.parse(into.dropFirst(5)) : nil
            guard let path else {
                diagnostics.error(
                    "expected meta, or meta. and a name, got \(ShownText.quoted(into))",
                    at: settings.position(of: "into"), keyPath: settings.keyPath(of: "into"))
                return nil
            }
            self = .facts(path)
            return
        }
        var fields: [(field: EnvelopeField, column: String)] = []
        for entry in settings.map("set") {
            var name = entry.value
            name.content = .string(entry.name)
            guard let field = EnvelopeField(name, diagnostics: &diagnostics) else { return nil }
            fields.append((field, entry.value.string ?? ""))
        }
        self = .fields(fields)
    }

    func changes(_ row: JSONObject, now: Timestamp) throws(StageError) -> [EnvelopeChange] {
        switch self {
        case .facts(let path): return row.members.map { .meta(path + [$0.name], $0.value) }
        case .fields(let fields):
            var changes: [EnvelopeChange] = []
            for (field, column) in fields {
                guard let value = row[column] else { continue }
                changes.append(try field.change(to: value, now: now))
            }
            return changes
        }
    }
}
