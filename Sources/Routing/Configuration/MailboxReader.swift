import Configuration

/// Reads the mailboxes, and knows which names can be sent to and received by.
struct MailboxReader {
    /// Why a mailbox cannot be used, and the name that was probably meant.
    struct Fault {
        var message: String
        var suggestion: String?
    }

    private let adapters: [AdapterDescription]
    private(set) var mailboxes: [MailboxConfiguration] = []
    /// Mailboxes that are declared with faults: nothing more is said of them.
    private(set) var faulty: Set<String> = []

    init(adapters: [AdapterDescription]) {
        self.adapters = adapters
    }

    private var names: [String] { mailboxes.map(\.name) + faulty.sorted() }

    /// Reads an entry of `mailboxes`.
    mutating func read(_ entry: NamedSetting, diagnostics: inout Diagnostics) {
        guard let node = entry.value.node else { return }
        let keyPath = entry.value.keyPath
        if entry.name == RouteTarget.listPlatform {
            diagnostics.error(
                "\"list\" is the platform of lists, as in list:everyone; give the mailbox another name",
                at: entry.value.position, keyPath: keyPath)
        }
        guard let adapter = adapter(of: node, at: keyPath, diagnostics: &diagnostics) else {
            faulty.insert(entry.name)
            return
        }
        let settings = RouterSchema.mailbox.adding(adapter.settings).decode(
            node, at: keyPath, diagnostics: &diagnostics)
        let mailbox = MailboxConfiguration(
            name: entry.name, adapter: adapter, settings: settings, node: node, diagnostics: &diagnostics)
        guard settings.isValid else {
            faulty.insert(entry.name)
            return
        }
        diagnostics.append(contentsOf: adapter.check(settings, entry.name))
        mailboxes.append(mailbox)
    }

    /// The adapter that a mailbox names; without one, the mapping is checked as far as that goes.
    private func adapter(
        of node: YAMLNode, at keyPath: NodePath, diagnostics: inout Diagnostics
    ) -> AdapterDescription? {
        guard let named = node["adapter"], let scalar = named.scalar, !named.isNull else {
            let only = SettingsSchema(RouterSchema.mailbox.settings.filter { $0.name == "adapter" })
            let adapter = YAMLMapping((node.mapping?.entries ?? []).filter { $0.key == "adapter" })
            let rest = node.mapping == nil ? node : YAMLNode(.mapping(adapter), at: node.position)
            _ = only.decode(rest, at: keyPath, diagnostics: &diagnostics)
            return nil
        }
        if let adapter = adapters.first(where: { $0.name == scalar.text }) { return adapter }
        let known = adapters.map(\.name).sorted()
        let suggestion = nearest(to: scalar.text, among: known)
        diagnostics.error(
            "no adapter named \(shown(scalar.shownText)) is known"
                + (suggestion == nil ? "; expected \(known.joined(separator: ", "))" : ""),
            at: named.position, keyPath: keyPath.appending("adapter"), suggestion: suggestion)
        return nil
    }

    /// Adds the mailbox that is always there, unless the file declares it.
    mutating func addLocal(diagnostics: inout Diagnostics) {
        guard !names.contains(RouterSettings.localMailbox) else { return }
        let adapter =
            adapters.first { $0.name == "inbox" }
            ?? AdapterDescription(name: "inbox", canReceive: false)
        let entry = YAMLMapping.Entry(
            key: "adapter", keyPosition: .builtIn, value: YAMLNode(.scalar(YAMLScalar("inbox")), at: .builtIn))
        let keyPath = NodePath([.key("mailboxes"), .key(RouterSettings.localMailbox)])
        let node = YAMLNode(.mapping(YAMLMapping([entry])), at: .builtIn)
        let settings = RouterSchema.mailbox.adding(adapter.settings).decode(
            node, at: keyPath, diagnostics: &diagnostics)
        mailboxes.append(
            MailboxConfiguration(
                name: RouterSettings.localMailbox, adapter: adapter, settings: settings, node: node,
                diagnostics: &diagnostics))
    }

    // MARK: Questions

    /// Why there is no such mailbox; `nil` when there is.
    func fault(finding name: String) -> Fault? { fault(finding: name, among: mailboxes) }

    /// Why nothing can be sent to the mailbox; `nil` when something can.
    func fault(sendingTo name: String) -> Fault? {
        guard let fault = fault(finding: name, among: mailboxes.filter(\.canSend)) else {
            guard let mailbox = mailboxes.first(where: { $0.name == name }), !mailbox.canSend else { return nil }
            return Fault(message: "the mailbox \"\(name)\" cannot send: its adapter \(mailbox.adapter) only receives")
        }
        return fault
    }

    /// Why nothing comes in by the mailbox; `nil` when something may.
    func fault(receivingBy name: String) -> Fault? {
        guard let fault = fault(finding: name, among: mailboxes.filter(\.canReceive)) else {
            guard let mailbox = mailboxes.first(where: { $0.name == name }), !mailbox.canReceive else { return nil }
            return Fault(
                message: "nothing comes in by the mailbox \"\(name)\": its adapter \(mailbox.adapter) only sends")
        }
        return fault
    }

    private func fault(finding name: String, among likely: [MailboxConfiguration]) -> Fault? {
        guard !names.contains(name) else { return nil }
        return Fault(
            message: "no mailbox named \(shown(name)) is declared",
            suggestion: nearest(to: name, among: likely.map(\.name) + faulty.sorted()))
    }
}

extension MailboxConfiguration {
    /// Makes a mailbox of checked settings; a rate that cannot be read is reported.
    fileprivate init(
        name: String, adapter: AdapterDescription, settings: SettingsObject, node: YAMLNode,
        diagnostics: inout Diagnostics
    ) {
        self.init(
            name: name, adapter: adapter.name, concurrency: settings.integerIfGiven("concurrency"),
            rate: settings.stringIfGiven("rate").flatMap(Rate.init(parsing:)),
            laneRate: settings.stringIfGiven("lane_rate").flatMap(Rate.init(parsing:)),
            expires: settings.duration("expires"),
            retry: RetrySettings(
                settings.object("retry"), expires: settings.duration("expires"), diagnostics: &diagnostics),
            settings: settings, position: node.position, canReceive: adapter.canReceive, canSend: adapter.canSend)
    }
}
