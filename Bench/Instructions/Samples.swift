import Configuration
import Messages
import Routing
import Spooling

/// Messages and a table that are the same in every run.
enum Samples {
    private static let time = Timestamp(seconds: 1_700_000_000)

    /// A message of 1 KiB.
    static func envelope(class name: String, number: Int) throws -> Envelope {
        let id = MessageID(high: 0x018B_CFE5_6800_7000, low: 1 << 63 | UInt64(number))
        return Envelope(
            id: id, time: time, from: try Address(parsing: "api:ci"), topic: try Topic(source: "api", class: name),
            subject: "Build 17", parts: [.text(String(repeating: "x", count: 1_024))])
    }

    /// The message on its way into the spool, to one recipient.
    static func entry(_ number: Int) throws -> SpoolEntry {
        let draft = DispatchDraft(
            recipient: try Address(parsing: "hook:r\(number % 64)"), due: time, route: RouteOrigin(name: "bench"))
        return SpoolEntry(envelope: try envelope(class: "bench/1", number: number), accepted: time, dispatches: [draft])
    }

    /// 200 routes of one class each, and one with stages.
    static func table() throws -> RouteTable {
        let routes = (0..<200).map { "  - {match: \"api:bench/\($0)\", to: hook:r\($0)}\n" }.joined()
        let text = """
            router: {name: bench.local}
            mailboxes: {api: {adapter: in}, hook: {adapter: out}}
            stages:
              short: [{truncate: 280}, {template: "*{{subject}}*"}]
            routes:
            \(routes)  - {match: "api:staged", via: [short], to: "hook:staged"}

            """
        let loader = ConfigurationLoader(
            environment: [:], disk: OneFile(text: text), topLevelKeys: RouterConfiguration.topLevelKeys)
        let (configuration, diagnostics) = RouterConfiguration.load(
            "routes.yaml", loader: loader,
            adapters: [
                AdapterDescription(name: "in", canReceive: true, canSend: false),
                AdapterDescription(name: "out", canReceive: false, canSend: true),
            ], hostName: "bench.local")
        guard let table = configuration?.table else { fail("the table is wrong: \(diagnostics)") }
        return table
    }

    private struct OneFile: ConfigurationDisk {
        let text: String
        func read(_ path: String, limit: Int) -> [UInt8] { Array(text.utf8) }
        func paths(matching pattern: String) -> [String] { [] }
    }
}
