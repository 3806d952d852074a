import Configuration
import Engine
import Messages
import Routing

/// The router's surroundings that are the same for all seeds: names, and the tables that are swapped by reloads.
package struct World: Sendable {
    static let receivingMailboxes = ["web", "chat", "pool"]
    static let sendingMailboxes = ["chat", "hook", "pool", "loop"]
    /// Programs take its messages.
    static let pulledMailbox = "jobs"
    static let users = ["ann", "bo", "cy"]
    static let threads = ["t1", "t2", "t3"]
    static let topicClasses = ["news/lobsters", "alert", "chat", "other"]
    static let router = "sim.example"
    /// Stands in every body, and so in nothing else.
    static let bodyMarker = "BODY-7f3a"
    /// What platforms know us by.
    static let secret = "SECRET-c41d"

    /// The routing states that reloads go through.
    let states: [RoutingState]

    /// Loads the tables.
    ///
    /// - Throws: ``WorldError`` when one of them is faulty.
    package init() throws {
        states = [
            try Self.state(
                """
                  - {name: copies, match: "web:**", to: hook:all}
                  - {name: news, match: "*:news/**", via: [brief], to: [chat:team, hook:ann]}
                  - {name: urgent, match: "*:alert", via: [{filter: {subject: "/[02468]$/"}}], to: pool:bo}
                """),
            try Self.state(
                """
                  - {name: news, match: "*:news/**", to: chat:team}
                  - {name: tapped, match: "*:alert", via: [{tap: pool:ann}, {truncate: 20}], to: chat:bo}
                """),
        ]
    }

    private static func state(_ routes: String) throws -> RoutingState {
        let text = """
            router: {name: \(router)}
            mailboxes:
              web: {adapter: in}
              chat: {adapter: both}
              pool: {adapter: both}
              hook: {adapter: both}
              loop: {adapter: both}
              jobs: {adapter: both}
            stages:
              brief: [{truncate: 80}, {template: "*{{subject}}*\\n{{text}}"}]
            routes:
            \(routes)
            """
        let loader = ConfigurationLoader(
            environment: [:], disk: OneFile(text: text), topLevelKeys: RouterConfiguration.topLevelKeys)
        let (configuration, diagnostics) = RouterConfiguration.load(
            "routes.yaml", loader: loader,
            adapters: [
                AdapterDescription(name: "in", canReceive: true, canSend: false),
                AdapterDescription(name: "both", canReceive: true, canSend: true),
                AdapterDescription(name: "inbox", canReceive: true, canSend: true),
            ], hostName: router)
        guard let configuration else { throw WorldError.faultyTable("\(diagnostics)") }
        return RoutingState(
            table: configuration.table, router: router,
            postmaster: try Address(platform: "local", user: "postmaster"),
            mailboxes: [
                "web": false, "chat": true, "pool": true, "hook": true, "loop": true, "local": true, "jobs": true,
            ])
    }

    private struct OneFile: ConfigurationDisk {
        let text: String
        func read(_ path: String, limit: Int) -> [UInt8] { Array(text.utf8) }
        func paths(matching pattern: String) -> [String] { [] }
    }
}

extension World {
    /// Whether a text shows what nobody must see.
    static func isPrivate(_ text: String) -> Bool { text.contains(bodyMarker) || text.contains(secret) }
}

/// Why there is no world.
package enum WorldError: Error {
    /// A table of the simulator has faults.
    case faultyTable(String)
}
