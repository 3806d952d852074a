import Clocks
import Configuration
import Files
import Glibc
import Logging
import Messages
import Routing
import SQLite
import Spooling

/// A table in which every topic of an application has ten matches, whatever the table's size: eight subscriptions, each
/// of another form, and two routes.
struct Sample {
    let folder: String

    /// How many subscriptions each application has.
    static let perApplication = 8

    /// The topic of an application.
    static func topic(_ application: Int) throws -> Topic {
        try Topic(parsing: "repo:team\(application % 1_000)/app\(application)/issues/opened")
    }

    /// The patterns of an application.
    static func patterns(_ application: Int) -> [String] {
        let (team, app) = ("team\(application % 1_000)", "app\(application)")
        return [
            "repo:\(team)/\(app)/issues/opened", "repo:\(team)/\(app)/issues/opened", "repo:\(team)/\(app)/issues/*",
            "repo:\(team)/\(app)/**", "repo:*/\(app)/issues/*", "*:\(team)/\(app)/issues/opened",
            "repo:**/\(app)/issues/opened", "*:*/\(app)/**",
        ]
    }

    // MARK: Writing

    /// Writes the file and the spool.
    func write(subscriptions: Int, routes: Int) async throws {
        try writeRoutes(routes)
        let spool = try await open()
        await spool.close()
        let database = try Database(path: "\(folder)/spool.db", mode: .writer)
        try database.transaction {
            let insert = try database.prepare(
                "INSERT INTO subscriptions (pattern, address, created, creator) VALUES (?1, ?2, 0, 'operator')")
            for number in 0..<subscriptions {
                let pattern = Self.patterns(number / Self.perApplication)[number % Self.perApplication]
                try insert.bind(pattern, at: 1)
                try insert.bind("chat:U\(String(number, radix: 36, uppercase: true))", at: 2)
                try insert.run()
            }
        }
    }

    private func writeRoutes(_ count: Int) throws {
        var text = """
            router: {name: bench.example, data: \(folder)}
            mailboxes: {repo: {adapter: any}, web: {adapter: any}, chat: {adapter: any}}
            routes:
              - {match: "repo:**", to: chat:all}
              - {match: "*:**/opened", to: [chat:opened, chat:triage]}

            """
        for number in 2..<max(2, count) {
            text += """
                  - name: shop \(number)
                    match: ["web:shop\(number)/**", "web:*/shop\(number)/chat"]
                    where: {priority: ">= high"}
                    to: chat:shop\(number)

                """
        }
        try FileSystem.posix.write(Array(text.utf8), to: FilePath("\(folder)/routes.yaml"))
    }

    // MARK: Reading

    func open() async throws -> SQLiteSpool {
        try await SQLiteSpool(
            folder: FilePath(folder), clock: SystemClock(), logger: Logger(level: .error, sink: Silence()))
    }

    /// The configuration, as the router loads it.
    func configuration() throws -> RouterConfiguration {
        let loader = ConfigurationLoader(
            environment: [:], disk: FileSystem.posix, topLevelKeys: RouterConfiguration.topLevelKeys)
        let (configuration, diagnostics) = RouterConfiguration.load(
            "\(folder)/routes.yaml", loader: loader, adapters: [AdapterDescription(name: "any")], hostName: "bench")
        guard let configuration else { fail(diagnostics.map(\.description).joined(separator: "\n")) }
        return configuration
    }

    private struct Silence: LogSink {
        func write(_ event: LogEvent) {}
    }
}

extension Directory {
    /// Takes all subscriptions of a spool up, page by page, as the exchange does.
    func load(from spool: SQLiteSpool) async throws {
        var last: Int64 = 0
        while true {
            let page = try await spool.subscriptions(after: last, of: nil, limit: 10_000)
            add(page)
            guard let end = page.last else { return }
            last = end.id
        }
    }
}

/// Nanoseconds of the monotonic clock.
func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The most memory that the process has had, in KiB.
func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}
