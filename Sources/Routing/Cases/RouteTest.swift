public import Configuration
public import Messages

/// A case of routes.yaml: a message, and what must become of it.
public struct RouteTest: Sendable {
    /// What a case expects; what is `nil` is not looked at.
    public struct Expectation: Sendable, Hashable {
        /// Whether a stage drops the message, and why.
        public enum Drop: Sendable, Hashable {
            /// A stage drops it, for whatever reason.
            case always
            /// No stage drops it.
            case never
            /// A stage drops it for a reason that has this text in it.
            case reason(String)
        }

        /// Exactly the addresses that get it.
        public var recipients: [Address]?
        /// Addresses that do not get it.
        public var absent: [Address] = []
        /// The text in every recipient's message.
        public var text: String?
        /// The subject in every recipient's message.
        public var subject: String?
        /// Whether a stage drops it.
        public var drop: Drop?
    }

    /// What the case shows; its place in the list unless it has a name.
    public var name: String
    /// The message.
    public var envelope: Envelope
    /// What must become of it.
    public var expectation: Expectation
    /// Where it stands.
    public var position: SourcePosition
    /// The way to it.
    public var keyPath: NodePath
}

extension RouteTest {
    /// Reads a checked case; what is wrong with its message is reported.
    init?(_ settings: SettingsObject, diagnostics: inout Diagnostics) {
        guard let given = settings.node("given") else { return nil }
        let reader = GivenMessage(node: given, keyPath: settings.keyPath(of: "given"))
        guard let envelope = reader.envelope(diagnostics: &diagnostics), settings.isValid else { return nil }
        self.init(
            name: settings.stringIfGiven("name") ?? settings.keyPath.description, envelope: envelope,
            expectation: Expectation(settings.object("expect")), position: settings.position, keyPath: settings.keyPath)
    }
}

extension RouteTest.Expectation {
    fileprivate init(_ settings: SettingsObject) {
        recipients = settings.value("to") == nil ? nil : settings.addresses("to")
        absent = settings.addresses("absent")
        text = settings.stringIfGiven("text")
        subject = settings.stringIfGiven("subject")
        drop =
            switch settings.stringIfGiven("dropped") {
            case nil: nil
            case "true": .always
            case "false": .never
            case let reason?: .reason(reason)
            }
    }
}
