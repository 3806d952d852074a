public import Messages

/// The durable half of the router: it keeps envelopes and their dispatches until every recipient has them, and the
/// trace of what became of them for as long as the retention says.
///
/// Guarantees:
/// - Every function returns only after its change is on stable storage, and throws only when nothing of it is.
///   Changes that were asked for in one order by one task are committed in that order.
/// - Changes of many callers share a commit; one that fails harms none of the others.
/// - Reads see every change whose function has returned before they were called, and never block a change.
/// - A full disk makes changes throw ``SpoolError/full(detail:)``; they succeed again as soon as there is room.
/// - An unreadable row is set aside (``damaged()``), never deleted and never read twice.
public protocol MessageSpool: DirectoryStore {
    /// Every new dispatch that waits, and those held that others of their thread wait for, in the order of their commits, a
    /// batch for each commit.
    ///
    /// There is one reader: the Exchange. It must keep up: the stream holds what it has not read yet.
    var committed: AsyncStream<[SpooledDispatch]> { get }

    /// The dispatches whose attempts earlier runs left unfinished; they are told as `unknown` and wait.
    ///
    /// They are named at every start until ``forgetInterrupted()``, so that a second crash cannot make them look like
    /// others.
    func interrupted() async throws(SpoolError) -> [Int64]

    /// Says that whoever asked for ``interrupted()`` has done what there was to do.
    func forgetInterrupted() async throws(SpoolError)

    /// Makes a message, its dispatches and its dedupe key durable in one transaction; with a dedupe key that is
    /// known already nothing is kept and the first message is named.
    func accept(_ entry: SpoolEntry) async throws(SpoolError) -> SpoolAcceptance

    /// Makes several messages durable in one transaction: all of them or none.
    func accept(_ entries: [SpoolEntry]) async throws(SpoolError) -> [SpoolAcceptance]

    /// Records that attempts are about to be made, before anything is sent: raises their counts and marks them as
    /// unfinished. Returns the numbers of those that may be made; the others are no longer waiting, because somebody
    /// held, dropped or settled them meanwhile, or have had this attempt already: the caller's copy was an old one.
    ///
    /// An attempt that a crash leaves unfinished is told as `unknown` when the spool is opened again.
    func begin(_ attempts: [AttemptStart]) async throws(SpoolError) -> [Int64]

    /// Records how an attempt ended; with a bounce, both are one transaction.
    func settle(_ settlement: Settlement) async throws(SpoolError)

    /// Records how several attempts ended, in one transaction.
    func settle(_ settlements: [Settlement]) async throws(SpoolError)

    /// Leases the next dispatches of a lane to a program that takes them itself: each lease is an attempt, on stable
    /// storage before this returns. A leased dispatch waits and is due when its lease ends, so one that is not settled
    /// comes back by itself, whether the router was restarted or not. Of a thread only the first open one is leased (I3).
    /// What has waited for longer than `patience`, or beyond its own time, is named and not leased.
    func lease(lane: Address, _ terms: LeaseTerms, patience: Duration, at time: Timestamp) async throws(SpoolError)
        -> LaneLease

    /// Ends or prolongs leases of a lane in one transaction, and says of each whether it held: one that ran out holds
    /// until the dispatch is leased again.
    func settle(
        _ leases: [Lease], lane: Address, as ending: LeaseEnding, at time: Timestamp
    ) async throws(SpoolError) -> [Bool]

    /// Lets no dispatch wait longer for its next attempt, from `time` on, than the pause that it was given: the clock may
    /// have been set back since. What a message or a person has named a time for waits for that time. Returns how many
    /// were to wait longer.
    func shortenWaits(at time: Timestamp) async throws(SpoolError) -> Int

    /// The next dispatches of each lane that are due, at most `limit` of a lane, in the order they were accepted in.
    ///
    /// Up to half of them are such as have waited for their time; of the others a quarter are the oldest, and the rest
    /// those of the highest priority, so that nothing waits for ever. A dispatch whose thread has an earlier one in the
    /// same lane that is held, being tried, not due yet or not among those given is left out (I3).
    func load(_ lanes: [LaneID], dueBy time: Timestamp, limit: Int) async throws(SpoolError) -> [LaneLoad]

    /// The lanes that have unsettled dispatches, in the order of their ids, at most `limit` after `lane`.
    ///
    /// Finding a lane takes the same time however much waits in it.
    func lanes(after lane: LaneID, limit: Int) async throws(SpoolError) -> [LaneSummary]

    /// The lanes of these recipients; those that never got a dispatch have none.
    func lanes(of recipients: Set<Address>) async throws(SpoolError) -> [LaneID]

    /// Waiting dispatches whose own time is over, at most `limit`, wherever they wait: those with `expires`.
    func expired(by time: Timestamp, limit: Int) async throws(SpoolError) -> ExpiredDispatches

    /// The ids that platforms gave a message, and the addresses they stand for.
    func remoteIDs(of message: MessageID) async throws(SpoolError) -> [RemoteID]

    /// What a platform's id stands for: the message, and whom it came from or went to.
    func message(remoteID: String, mailbox: String) async throws(SpoolError) -> RemoteOrigin?

    /// What is known of a message: the envelope as accepted, every dispatch, every attempt; `nil` when nothing is.
    func trace(of message: MessageID) async throws(SpoolError) -> MessageTrace?

    /// The messages that a text may mean, the newest first, at most `limit`: the beginning of an id (eight digits at
    /// least), a dispatch's number, a platform's id, the key of an event or an idempotency key.
    func find(_ text: String, limit: Int) async throws(SpoolError) -> [FoundMessage]

    /// The messages after `sequence` that fit the query, in the order they were accepted in, at most `limit`.
    ///
    /// Each call looks at a bounded number of messages, so a page may be short, or empty, and yet have a next one.
    func messages(_ query: MessageQuery, after sequence: Int64, limit: Int) async throws(SpoolError) -> MessagePage

    /// Dispatches that fit the filter, the newest first, at most `limit`, older than the dispatch `before`.
    func list(_ filter: DispatchFilter, before: Int64?, limit: Int) async throws(SpoolError) -> [DispatchSummary]

    /// How many messages that were accepted since a time went by which route to whom, and what became of them.
    func traffic(since time: Timestamp) async throws(SpoolError) -> TrafficReport

    /// How many dispatches are in each state.
    func counts() async throws(SpoolError) -> [DispatchState: Int]

    /// Applies an operator's action to the dispatches that fit the filter, except those being tried, and leaves an
    /// audit row that names `by`. Returns what was changed, of a reroute
    /// the new dispatches; with `isDryRun` what would be.
    func apply(
        _ action: DispatchAction, to filter: DispatchFilter, by: String, at time: Timestamp, isDryRun: Bool
    ) async throws(SpoolError) -> [DispatchSummary]

    /// Writes what the stages after a hold made of a waiting dispatch: the first draft of the entry is what becomes of
    /// it, without an envelope the one it has stays; the others are new dispatches of its message. `false` when the
    /// dispatch has no stage left or does not wait any more: then nothing changes.
    func resume(_ number: Int64, as entry: SpoolEntry, at time: Timestamp) async throws(SpoolError) -> Bool

    /// Writes down what somebody did that no action of the spool has written down already.
    func leave(_ note: AuditNote, changed: Int) async throws(SpoolError)

    /// What people did to dispatches, the newest first, at most `limit`, older than the row `before`.
    func audit(before number: Int64?, limit: Int) async throws(SpoolError) -> [AuditRow]

    /// The value that a mailbox has stored under this key.
    func state(mailbox: String, key: String) async throws(SpoolError) -> [UInt8]?

    /// The values a mailbox has stored under keys with this prefix, in the order of their keys, after `after`.
    func states(
        mailbox: String, prefix: String, after: String?, limit: Int
    ) async throws(SpoolError) -> [StateEntry]

    /// Stores values and removes others (`nil`) in one transaction.
    func setStates(_ changes: [StateEntry], mailbox: String) async throws(SpoolError)

    /// Removes what was settled before `time`, its attempts, expired dedupe keys and blobs nobody refers to any more,
    /// in small steps. Returns the number of messages removed.
    func sweep(settledBefore time: Timestamp) async throws(SpoolError) -> Int

    /// The rows that could not be read, and why.
    func damaged() async throws(SpoolError) -> [DamagedRow]

    /// The bytes that messages, their traces and blobs take; room that was freed does not count.
    func size() async throws(SpoolError) -> Int64

    /// Finishes what has been asked for, then refuses everything.
    func close() async
}
