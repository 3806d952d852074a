import Conditions
import Configuration
import Messages
import Stages

/// Reads the parts of routes.yaml one after another, and collects what is wrong with them.
struct ConfigurationReader {
    let registry: StageRegistry
    let hostName: String
    let folder: String
    let namedFiles: ConfigurationFiles
    var diagnostics: Diagnostics
    var mailboxes: MailboxReader

    init(
        adapters: [AdapterDescription], registry: StageRegistry, hostName: String, folder: String,
        namedFiles: ConfigurationFiles, diagnostics: Diagnostics
    ) {
        self.registry = registry
        self.hostName = hostName
        self.folder = folder
        self.namedFiles = namedFiles
        self.diagnostics = diagnostics
        self.mailboxes = MailboxReader(adapters: adapters)
    }

    /// Reads the whole file; only sound when nothing of it is an error.
    mutating func read(_ node: YAMLNode) -> RouterConfiguration? {
        let settings = RouterSchema.top.decode(node, diagnostics: &diagnostics)
        let router = RouterSettings(
            settings.object("router"), hostName: hostName, folder: folder, diagnostics: &diagnostics)
        for entry in settings.map("mailboxes") { mailboxes.read(entry, diagnostics: &diagnostics) }
        mailboxes.addLocal(diagnostics: &diagnostics)
        var stages = NamedStages(
            settings.node("stages") ?? YAMLNode(.scalar(YAMLScalar("")), at: .builtIn),
            at: settings.keyPath(of: "stages"),
            registry: registry, surroundings: surroundings, diagnostics: &diagnostics)
        let routes = settings.objectList("routes").map { readRoute($0, &stages) }
        let table = (settings.address("unrouted") ?? router?.postmaster).map {
            RouteTable(routes: routes, unrouted: $0)
        }
        checkTarget(settings.object("router").value("postmaster"))
        checkTarget(settings.value("unrouted"))
        let tests = settings.objectList("tests").compactMap { readTest($0) }
        guard let router, let table, !diagnostics.hasErrors else { return nil }
        // What is doubtful waits until the file is sound: a fault may be what makes it look so.
        warnOfShadows(table)
        for (name, position, keyPath) in stages.unused {
            diagnostics.warning("no route uses the stages \(shown(name))", at: position, keyPath: keyPath)
        }
        return RouterConfiguration(
            router: router, mailboxes: mailboxes.mailboxes, table: table, tests: tests, files: [], includePatterns: [])
    }

    /// What stages may name: files and mailboxes.
    private var surroundings: StageSurroundings {
        let adapters = mailboxes.mailboxes.map { ($0.name, $0.adapter) }
        return StageSurroundings(
            files: namedFiles, adapters: Dictionary(adapters) { first, _ in first }, faulty: mailboxes.faulty)
    }

    // MARK: Routes

    private mutating func readRoute(_ settings: SettingsObject, _ stages: inout NamedStages) -> Route {
        let patterns = settings.list("match").compactMap { value in
            value.topicPattern.map { pattern in
                checkSource(pattern, value)
                return pattern
            }
        }
        let condition = settings.node("where").map { node in
            Condition(node, at: settings.keyPath(of: "where"), diagnostics: &diagnostics) ?? .always
        }
        let via = settings.node("via").map { node in
            stages.chain(node, at: settings.keyPath(of: "via"), diagnostics: &diagnostics)
        }
        let recipients = readRecipients(settings)
        for mention in via?.addresses ?? [] {
            checkTarget(mention.address, at: mention.position, keyPath: mention.keyPath)
        }
        return Route(
            name: settings.stringIfGiven("name"), patterns: patterns, condition: condition ?? .always,
            chain: via ?? StageChain(), recipients: recipients, stops: settings.boolean("stop"),
            position: settings.position)
    }

    private mutating func readRecipients(_ settings: SettingsObject) -> [Address] {
        var recipients: [Address] = []
        for value in settings.list("to") {
            checkTarget(value)
            guard let address = value.address else { continue }
            if recipients.contains(address) {
                diagnostics.warning("\(address) stands here twice", at: value.position, keyPath: value.keyPath)
            } else {
                recipients.append(address)
            }
        }
        if settings.list("to").isEmpty, settings.isValid {
            if !settings.boolean("stop") {
                diagnostics.error(
                    "the route leads nowhere; give it an address in to, or stop: true to let its messages go nowhere",
                    at: settings.position, keyPath: settings.keyPath)
            } else if settings.node("via") != nil {
                diagnostics.warning(
                    "without an address in to the stages are not run", at: settings.position(of: "via"),
                    keyPath: settings.keyPath(of: "via"))
            }
        }
        return recipients
    }

    // MARK: Mailboxes of addresses and patterns

    private mutating func checkTarget(_ value: SettingValue?) {
        guard let value, let address = value.address else { return }
        checkTarget(address, at: value.position, keyPath: value.keyPath)
    }

    /// An address of another router is that router's matter.
    private mutating func checkTarget(_ address: Address, at position: SourcePosition, keyPath: NodePath) {
        guard address.peers.isEmpty else { return }
        if let fault = mailboxes.fault(sendingTo: address.platform) {
            diagnostics.error(
                fault.message, at: position, keyPath: keyPath,
                suggestion: fault.suggestion.map { "\($0):\(address.user)" })
        }
    }

    private mutating func checkSource(_ pattern: TopicPattern, _ value: SettingValue) {
        guard let source = pattern.source, let fault = mailboxes.fault(receivingBy: source) else { return }
        let rest = pattern.description.dropFirst(source.count)
        diagnostics.error(
            fault.message, at: value.position, keyPath: value.keyPath, suggestion: fault.suggestion.map { $0 + rest })
    }

    // MARK: Tests

    private mutating func readTest(_ settings: SettingsObject) -> RouteTest? {
        let expect = settings.object("expect")
        for value in expect.list("to") + expect.list("absent") { checkTarget(value) }
        return RouteTest(settings, diagnostics: &diagnostics)
    }
}
