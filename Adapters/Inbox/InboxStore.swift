import AdapterKit
import Logging
import Messages

/// The messages of one mailbox, bounded in number, and who watches them come in.
///
/// Messages lie in the state store; in memory there is a line of each, in the order of their delivery.
actor InboxStore {
    /// The most pages that watch one mailbox.
    static let maximumWatchers = 64
    /// How many events wait for a slow page before it is cut off; it comes back and asks for what it missed.
    static let maximumWaiting = 256

    private static let prefix = "message/"
    private static let pageSize = 200

    private let state: any StateStore
    private let logger: Logger
    private let limit: Int
    private var isLoaded = false
    private var lines: [InboxSummary] = []
    /// Messages being written, and those being removed for them.
    private var arriving = 0
    private var leaving: Set<String> = []
    private var watchers: [Int: AsyncStream<InboxSummary>.Continuation] = [:]
    private var lastWatcher = 0

    init(state: any StateStore, limit: Int, logger: Logger) {
        self.state = state
        self.limit = limit
        self.logger = logger
    }

    /// Keeps a message, and lets the oldest go when there are too many; one that is there already stays as it is.
    func insert(_ message: InboxMessage) async throws {
        try await load()
        guard !lines.contains(where: { $0.id == message.id }) else { return }
        arriving += 1
        let victims = chooseVictims()
        do {
            try await write([(Self.prefix + message.id, message.encoded())], removing: victims)
            arriving -= 1
        } catch {
            arriving -= 1
            throw error
        }
        let line = InboxSummary(message)
        lines.append(line)
        tell(line)
        if arriving == 0, lines.count > limit { await trim() }
    }

    /// Removes what is too much: messages that come all at once find too few before them to push out.
    private func trim() async {
        do {
            try await write([], removing: chooseVictims())
        } catch {
            logger.error("inbox not trimmed", ["error": "\(error)"])
        }
    }

    /// The oldest that must go for those that arrive; they are nobody else's to choose until they are gone.
    private func chooseVictims() -> Set<String> {
        let surplus = max(0, lines.count - leaving.count + arriving - limit)
        let staying = lines.lazy.map(\.id).filter { [leaving] in !leaving.contains($0) }
        let victims = Set(staying.prefix(surplus))
        leaving.formUnion(victims)
        return victims
    }

    private func write(_ added: [(key: String, value: [UInt8]?)], removing victims: Set<String>) async throws {
        defer { leaving.subtract(victims) }
        try await state.set(added + victims.map { (Self.prefix + $0, nil) })
        if !victims.isEmpty { lines.removeAll { victims.contains($0.id) } }
    }

    /// The message of an id, or `nil`.
    func message(_ id: String) async throws -> InboxMessage? {
        guard let bytes = try await state.value(for: Self.prefix + id) else { return nil }
        return try InboxMessage(id: id, parsing: bytes)
    }

    /// The lines before a message, the latest delivery first; from the latest of all without one.
    func lines(for recipient: Address?, before id: String?, limit: Int) async throws -> [InboxSummary] {
        try await load()
        let end = id.flatMap { id in lines.lastIndex { $0.id == id } } ?? lines.endIndex
        return Array(
            lines[..<end].reversed().lazy.filter { recipient == nil || $0.recipient == recipient }.prefix(limit))
    }

    /// Whom messages were delivered to, and how many each has.
    func recipients() async throws -> [(address: Address, count: Int)] {
        try await load()
        var counts: [Address: Int] = [:]
        for line in lines { counts[line.recipient, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func load() async throws {
        guard !isLoaded else { return }
        var found: [InboxSummary] = []
        var after: String?
        while true {
            let page = try await state.entries(prefix: Self.prefix, after: after, limit: Self.pageSize)
            for (key, value) in page {
                let id = String(key.dropFirst(Self.prefix.count))
                do throws(MessageError) {
                    found.append(InboxSummary(try InboxMessage(id: id, parsing: value)))
                } catch {
                    logger.error("message in the inbox cannot be read", ["id": id, "error": error])
                }
            }
            guard page.count == Self.pageSize else { break }
            after = page.last?.key
        }
        // Another task may have been faster, and messages have come since: then its lines are right.
        guard !isLoaded else { return }
        lines = found.sorted { ($0.delivered, $0.id) < ($1.delivered, $1.id) }
        isLoaded = true
    }
}

// MARK: - Watching

extension InboxStore {
    /// Watches messages come in, those after `id` first; `nil` when too many watch already.
    ///
    /// - Returns: The number of the watcher and its events.
    func watch(after id: String?) async throws -> (number: Int, events: AsyncStream<InboxSummary>)? {
        try await load()
        guard watchers.count < Self.maximumWatchers else { return nil }
        let (events, continuation) = AsyncStream.makeStream(
            of: InboxSummary.self, bufferingPolicy: .bufferingOldest(Self.maximumWaiting))
        if let id, let index = lines.lastIndex(where: { $0.id == id }) {
            for line in lines[(index + 1)...].suffix(Self.maximumWaiting) { continuation.yield(line) }
        }
        lastWatcher += 1
        watchers[lastWatcher] = continuation
        return (lastWatcher, events)
    }

    /// Ends a watcher.
    func unwatch(_ number: Int) {
        watchers.removeValue(forKey: number)?.finish()
    }

    /// Ends all watchers.
    func close() {
        for continuation in watchers.values { continuation.finish() }
        watchers = [:]
    }

    private func tell(_ line: InboxSummary) {
        for (number, continuation) in watchers {
            // Too slow, or gone before it began.
            guard case .enqueued = continuation.yield(line) else { unwatch(number); continue }
        }
    }
}
