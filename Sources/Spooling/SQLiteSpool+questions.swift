public import Messages

extension SQLiteSpool {
    /// The next dispatches of each lane that are due.
    public func load(
        _ lanes: [LaneID], dueBy time: Timestamp, limit: Int
    ) async throws(SpoolError) -> [LaneLoad] {
        try await read { reader in try lanes.map { try reader.load($0, dueBy: time, limit: limit) } }
    }

    /// The lanes that have unsettled dispatches, in the order of their ids.
    public func lanes(after lane: LaneID, limit: Int) async throws(SpoolError) -> [LaneSummary] {
        try await read { try $0.lanes(after: lane, limit: limit) }
    }

    /// The lanes of these recipients.
    public func lanes(of recipients: Set<Address>) async throws(SpoolError) -> [LaneID] {
        try await read { try $0.lanes(of: recipients) }
    }

    /// Waiting dispatches whose own time is over.
    public func expired(by time: Timestamp, limit: Int) async throws(SpoolError) -> ExpiredDispatches {
        try await read { try $0.expired(by: time, limit: limit) }
    }

    /// The ids that platforms gave a message.
    public func remoteIDs(of message: MessageID) async throws(SpoolError) -> [RemoteID] {
        try await read { try $0.remoteIDs(of: message) }
    }

    /// What a platform's id stands for.
    public func message(remoteID: String, mailbox: String) async throws(SpoolError) -> RemoteOrigin? {
        try await read { try $0.origin(remoteID: remoteID, mailbox: mailbox) }
    }

    /// Everything known of a message.
    ///
    /// - Throws: ``SpoolError/disk(detail:)`` when it is known but cannot be read.
    public func trace(of message: MessageID) async throws(SpoolError) -> MessageTrace? {
        try await read { try $0.trace(of: message) }
    }

    /// The messages that a text may mean, the newest first.
    public func find(_ text: String, limit: Int) async throws(SpoolError) -> [FoundMessage] {
        try await read { try $0.find(text, limit: limit) }
    }

    /// Messages that fit the query, in the order they were accepted in.
    public func messages(
        _ query: MessageQuery, after sequence: Int64, limit: Int
    ) async throws(SpoolError) -> MessagePage {
        try await read { try $0.messages(query, after: sequence, limit: limit) }
    }

    /// Dispatches that fit the filter, the newest first.
    public func list(
        _ filter: DispatchFilter, before: Int64?, limit: Int
    ) async throws(SpoolError) -> [DispatchSummary] {
        try await read { try $0.list(filter, before: before, limit: limit) }
    }

    /// How many messages went by which route to whom, and what became of them.
    public func traffic(since time: Timestamp) async throws(SpoolError) -> TrafficReport {
        try await read { try $0.traffic(since: time) }
    }

    /// How many dispatches are in each state; states without any are left out.
    public func counts() async throws(SpoolError) -> [DispatchState: Int] {
        try await read { try $0.counts() }
    }

    /// The value that a mailbox has stored under this key.
    public func state(mailbox: String, key: String) async throws(SpoolError) -> [UInt8]? {
        try await read { try $0.state(mailbox: mailbox, key: key) }
    }

    /// The values a mailbox has stored under keys with this prefix, in the order of their keys.
    public func states(
        mailbox: String, prefix: String, after: String?, limit: Int
    ) async throws(SpoolError) -> [StateEntry] {
        try await read { try $0.states(mailbox: mailbox, prefix: prefix, after: after, limit: limit) }
    }

    /// The rows and blobs that could not be read, and why.
    public func damaged() async throws(SpoolError) -> [DamagedRow] {
        try await read { try $0.damagedRows() }
    }
}
