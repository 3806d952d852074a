public import Configuration
public import Messages

/// Passes the messages of senders who may write, and drops or holds the rest.
public struct RequireStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "require", .oneOf([.choice(["authenticated"]), .object(schema)]), isRequired: true,
                """
                What must be true of the sender: `authenticated`, or a mapping in which everything must hold. A sender's \
                address alone proves nothing where the platform does not vouch for it, as with mail; `authenticated` \
                beside `member` makes sure of that.
                """,
                example: "{authenticated: true, member: [\"mail:*@example.org\"]}"),
            summary: "passes the messages of senders who may write",
            example: StageExample(
                "{require: {member: [\"news:*@example.com\", news:bo@example.org]}}", before: ["text": "Let me in"],
                .drops(reason: "news:ann@example.org is no member")))
    }

    private static var schema: SettingsSchema {
        [
            Setting("authenticated", .boolean, default: "false", "Whether the platform must vouch for the sender."),
            Setting(
                "member", .list(of: .string), range: SettingRange(1...100_000),
                "The senders who may write: addresses, or patterns with one `*` such as `mail:*@example.org`.",
                example: "[mail:ann@example.org]"),
            Setting(
                "file", .path,
                """
                A file of such senders, one a line; lines that begin with # do not count. It is read again when it \
                changes.
                """, example: "members.txt"),
            Setting(
                "otherwise", .choice(["drop", "hold"]), default: "drop",
                "What becomes of the messages of others: they end here, or wait for a person."),
        ]
    }

    private let needsAuthentication: Bool
    private let members: SenderList?
    private let holds: Bool

    /// Makes the stage; addresses that are none are reported, and so is a file that cannot be read.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        guard let settings = arguments.value.object else {
            (needsAuthentication, members, holds) = (true, nil, false)
            return
        }
        var collected = SenderList()
        var isSound = true
        for value in settings.list("member") {
            guard let fault = collected.add(value.string ?? "") else { continue }
            isSound = false
            diagnostics.error(
                "\(ShownText.quoted(value.string ?? "")) is no sender: \(fault)", at: value.position,
                keyPath: value.keyPath)
        }
        let errors = diagnostics.errors.count
        if let file = settings.value("file") {
            collected.add(file: file, arguments.surroundings.files, diagnostics: &diagnostics)
        }
        let isListed = settings.isGiven("member") || settings.isGiven("file")
        needsAuthentication = settings.boolean("authenticated")
        members = isListed ? collected : nil
        holds = settings.string("otherwise") == "hold"
        if !needsAuthentication, !isListed {
            diagnostics.error(
                "expected authenticated: true, member or file in it", at: settings.position, keyPath: settings.keyPath)
        }
        guard isSound, diagnostics.errors.count == errors else { return nil }
    }

    /// Looks at the sender.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        guard let reason = refusal(of: envelope) else { return .pass(envelope) }
        return holds ? .hold(reason: reason, until: nil) : .drop(reason: reason)
    }

    private func refusal(of envelope: Envelope) -> String? {
        if needsAuthentication, envelope.sender?.isAuthenticated != true {
            return "the platform does not vouch for \(envelope.from)"
        }
        if let members, !members.contains(envelope.from) { return "\(envelope.from) is no member" }
        return nil
    }
}
