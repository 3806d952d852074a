import Configuration
import Messages
import Stages
import Testing

@testable import Routing

/// Adapters of every kind.
let adapters = [
    AdapterDescription(
        name: "feed", settings: [Setting("url", .url, isRequired: true, "The feed.")], canSend: false),
    AdapterDescription(name: "slack", settings: [Setting("token", .secret, isRequired: true, "The token.")]),
    AdapterDescription(name: "inbox", canReceive: false),
]

/// The mailboxes of most samples: `news` receives, `work` does both.
let mailboxes = """
    mailboxes:
      news: {adapter: feed, url: "https://example.org/feed"}
      work: {adapter: slack, token: xoxb}

    """

/// Files in memory.
struct MemoryDisk: ConfigurationDisk {
    var files: [String: String]

    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
        guard let text = files[path] else { throw ConfigurationDiskError("\(path): there is no such file") }
        return Array(text.utf8)
    }

    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] {
        let prefix = pattern.prefix { $0 != "*" }
        return files.keys.filter { $0.hasPrefix(prefix) }.sorted()
    }
}

/// Loads a file; the diagnostics are texts.
func load(
    _ text: String, others: [String: String] = [:], environment: [String: String] = [:], hostName: String = "hq.example"
) -> (configuration: RouterConfiguration?, diagnostics: [String]) {
    let disk = MemoryDisk(files: others.merging(["routes.yaml": text]) { $1 })
    let loader = ConfigurationLoader(
        environment: environment, disk: disk, topLevelKeys: RouterConfiguration.topLevelKeys)
    let (configuration, diagnostics) = RouterConfiguration.load(
        "routes.yaml", loader: loader, adapters: adapters, hostName: hostName)
    return (configuration, diagnostics.map(\.description))
}

/// Loads a file in which nothing is wrong or doubtful.
func configuration(_ text: String) throws -> RouterConfiguration {
    let (configuration, diagnostics) = load(mailboxes + text)
    try #require(diagnostics == [])
    return try #require(configuration)
}

/// A message of a topic.
func message(_ topic: String, subject: String? = nil, text: String = "Hello", to: [String] = []) throws -> Envelope {
    let topic = try Topic(parsing: topic)
    return Envelope(
        id: try MessageID(parsing: "01890a5d-ac96-774b-bcce-b302099a8057"),
        time: try Timestamp(parsing: "2026-01-05T09:07:03Z"),
        from: try Address(platform: topic.source, user: "someone"),
        to: try to.map { text throws(MessageError) in try Address(parsing: text) }, topic: topic, subject: subject,
        parts: [.text(text)])
}

/// The context of a run at a fixed time.
func context() throws -> StageContext {
    StageContext(now: try Timestamp(parsing: "2026-01-05T10:00:00Z"), router: "hq.example")
}

/// A dispatch in a line: where to, what becomes of it, by which route.
func line(_ dispatch: PlannedDispatch) -> String {
    let outcome =
        switch dispatch.outcome {
        case .deliver: "deliver"
        case .drop(let reason): "drop \(reason)"
        case .hold(let reason, _, let next): "hold at \(next) \(reason)"
        }
    return "\(dispatch.recipient) \(outcome) by \(dispatch.route.name)"
}

/// What becomes of a message, a line for each dispatch.
func plan(_ routes: String, _ envelope: Envelope) throws -> [String] {
    try configuration(routes).table.plan(for: envelope, context: context()).dispatches.map(line)
}
