import Clocks
import Engine
import Messages
import Spooling
import Transport

extension ControlAPI {
    /// What happens to messages, as server-sent events; `Last-Event-ID` brings what is remembered since.
    ///
    /// An id is the start of the router's run and the event's number, so that one of an earlier run is known for what it is:
    /// then all that is remembered is new. What is no longer remembered is told as `missed`.
    func events(_ request: HTTPRequest) async throws -> HTTPResponse {
        let filter = try EventFilter(DispatchFilter(parsing: request.query("filter") ?? "", now: exchange.now))
        let run = String(exchange.feed.started.milliseconds, radix: 36)
        var last: Int64?
        var isOtherRun = false
        let wantsAll = request.lastEventID == nil && request.query("after") == "0"
        if wantsAll {
            last = 0
        } else if let id = request.lastEventID ?? request.query("after") {
            let parts = id.split(separator: "-")
            isOtherRun = parts.count != 2 || parts[0] != run
            last = isOtherRun ? 0 : Int64(parts[1]) ?? 0
        }
        guard let watch = exchange.feed.watch(after: last) else {
            throw ControlError(.serviceUnavailable, "too many watch already, or the router is stopping; try again")
        }
        let stream = EventStream(run: run, filter: filter, watch: watch, isOtherRun: isOtherRun, wantsAll: wantsAll)
        let configuration = EventStreamConfiguration(retry: .seconds(2), sleep: exchange.clock.sleep)
        return .events(configuration) { try await stream.send(to: $0) }
    }
}

/// The events of one watcher on their way.
private struct EventStream {
    let run: String
    let filter: EventFilter
    let watch: ExchangeFeed.Watch
    let isOtherRun: Bool
    /// Whether the watcher takes whatever is remembered, and so misses nothing.
    let wantsAll: Bool

    /// After so many events that the watcher does not want, it is told where it stands.
    private static let cursorInterval: Int64 = 256

    func send(to writer: EventWriter) async throws {
        if !wantsAll, isOtherRun || watch.missed > 0 { try await writer.send(missed) }
        try await writer.send(cursor(watch.last))
        var told = watch.last
        for await event in watch.events {
            if filter.fits(event) {
                try await writer.send(
                    ServerEvent(id: "\(run)-\(event.number)", name: event.name, data: event.json().encoded()))
            } else if event.number - told >= Self.cursorInterval {
                try await writer.send(cursor(event.number))
            } else {
                continue
            }
            told = event.number
        }
    }

    /// Where the watcher stands, to be named when it comes back.
    private func cursor(_ number: Int64) -> ServerEvent {
        ServerEvent(id: "\(run)-\(number)", name: "cursor", data: JSON.object([:]).encoded())
    }

    private var missed: ServerEvent {
        var object: JSONObject = ["reason": .string(isOtherRun ? "the router was started anew" : "too many at once")]
        // Of an earlier run nobody knows any more how many there were.
        if !isOtherRun { object["events"] = .integer(watch.missed) }
        return ServerEvent(name: "missed", data: JSON.object(object).encoded())
    }
}

extension ExchangeEvent {
    /// The event's name in the stream.
    var name: String {
        switch fact {
        case .accepted: "accepted"
        case .delivered: "delivered"
        case .deferred: "deferred"
        case .unknown: "unknown"
        case .dead: "dead"
        case .held: "held"
        case .dropped: "dropped"
        case .operated(_, let action, _): action
        }
    }

    /// The event as the stream tells it.
    func json() -> JSON {
        var object: JSONObject = [
            "time": .string(time.description), "message": .string(subject.message.description),
        ]
        object["from"] = (subject.from?.description).map(JSON.string)
        object["topic"] = (subject.topic?.description).map(JSON.string)
        object["subject"] = subject.subject.map(JSON.string)
        if let target = fact.target {
            object["dispatch"] = .integer(target.dispatch)
            object["recipient"] = .string(target.recipient.description)
            object["attempt"] = .integer(Int64(target.attempt))
        }
        object["reason"] = fact.reason.map(JSON.string)
        switch fact {
        case .accepted(let recipients):
            object["recipients"] = .array(recipients.map { .string($0.description) })
        case .deferred(_, _, let due), .unknown(_, _, let due): object["due"] = .string(due.description)
        case .operated(_, _, let by): object["by"] = .string(by)
        default: break
        }
        return .object(object)
    }
}
