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
        let lists = readLists(settings)
        let routes = settings.objectList("routes").map { readRoute($0, &stages, lists: lists) }
        let table = (settings.address("unrouted") ?? router?.postmaster).map {
            RouteTable(
                routes: routes, unrouted: $0, lists: lists,
                senders: Set(mailboxes.mailboxes.filter(\.canSend).map(\.name)))
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

    private mutating func readRoute(
        _ settings: SettingsObject, _ stages: inout NamedStages, lists: [String: MailingList]
    ) -> Route {
        let patterns = readPatterns(settings.list("match"))
        let exclusions = readPatterns(settings.list("except"))
        let condition = settings.node("where").map { node in
            Condition(node, at: settings.keyPath(of: "where"), diagnostics: &diagnostics) ?? .always
        }
        let via = settings.node("via").map { node in
            stages.chain(node, at: settings.keyPath(of: "via"), diagnostics: &diagnostics)
        }
        let targets = readTargets(settings, lists: lists)
        for mention in via?.addresses ?? [] {
            checkTarget(mention.address, at: mention.position, keyPath: mention.keyPath)
        }
        return Route(
            name: settings.stringIfGiven("name"), patterns: patterns, exclusions: exclusions,
            condition: condition ?? .always, chain: via ?? StageChain(), targets: targets,
            stops: settings.boolean("stop"),
            position: settings.position)
    }

    private mutating func readPatterns(_ values: [SettingValue]) -> [TopicPattern] {
        values.compactMap { value in
            value.topicPattern.map { pattern in
                checkSource(pattern, value)
                return pattern
            }
        }
    }

    private mutating func readTargets(_ settings: SettingsObject, lists: [String: MailingList]) -> [RouteTarget] {
        var reader = TargetReader()
        var targets: [RouteTarget] = []
        for value in settings.list("to") {
            guard let target = reader.target(value) else { continue }
            if targets.contains(target) {
                diagnostics.warning("\(target) stands here twice", at: value.position, keyPath: value.keyPath)
            } else {
                targets.append(target)
            }
        }
        diagnostics.append(contentsOf: reader.diagnostics.all)
        for mention in reader.mentions {
            checkTarget(mention.address, at: mention.position, keyPath: mention.keyPath)
        }
        for list in reader.lists where lists[list.name] == nil {
            diagnostics.error(
                "no list named \(shown(list.name)) is declared under lists", at: list.position, keyPath: list.keyPath,
                suggestion: nearest(to: list.name, among: lists.keys.sorted()).map {
                    "\(RouteTarget.listPlatform):\($0)"
                })
        }
        warnOfNoTargets(settings)
        return targets
    }

    private mutating func warnOfNoTargets(_ settings: SettingsObject) {
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
    }

    // MARK: Lists

    private mutating func readLists(_ settings: SettingsObject) -> [String: MailingList] {
        var lists: [String: MailingList] = [:]
        for (name, settings) in settings.objects("lists") {
            for key in ["members", "owners", "muted", "senders"] {
                for value in settings.list(key) { checkMember(value, gets: key == "members") }
            }
            lists[name] = MailingList(name: name, settings)
        }
        return lists
    }

    /// An owner or a sender need only be able to write.
    private mutating func checkMember(_ value: SettingValue, gets: Bool) {
        guard let address = value.address, address.peers.isEmpty else { return }
        if address.platform == RouteTarget.listPlatform {
            diagnostics.error(
                "a list cannot be in a list; name its members", at: value.position, keyPath: value.keyPath)
        } else if gets {
            checkTarget(value)
        } else if let fault = mailboxes.fault(finding: address.platform) {
            diagnostics.error(
                fault.message, at: value.position, keyPath: value.keyPath,
                suggestion: fault.suggestion.map { "\($0):\(address.user)" })
        }
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
