import AdapterKit
import Messages

/// Makes the message that tells the postmaster which breakers have opened and closed.
struct BreakerReport {
    let notices: [BreakerNotice]
    let router: String
    let now: Timestamp

    /// The most breakers that a report names.
    private static let maximumNamed = 50

    /// The report, as an arrival that comes in once, however often it is handed in.
    func arrival(id: MessageID, postmaster: Address) throws(MessageError) -> Arrival {
        let ordered = notices.sorted { ($0.time, $0.name) < ($1.time, $1.name) }
        let hasOpened = notices.contains { $0.event == .opened }
        var envelope = Envelope(
            id: id, time: now, from: try Address(platform: "local", user: "postroad"), to: [postmaster],
            topic: try Topic(source: "local", class: hasOpened ? "breaker/opened" : "breaker/closed"), kind: .event,
            subject: subject(ordered), parts: [.text(text(ordered))])
        envelope.sender = Sender(name: "Postroad", isAuthenticated: true, isAutomatic: true)
        envelope.meta["opened"] = .array(names(ordered, .opened))
        envelope.meta["closed"] = .array(names(ordered, .closed))
        let span = [ordered.first, ordered.last].compactMap { $0?.time.description }.joined(separator: " ")
        return Arrival(envelope: envelope, eventKey: "breakers \(ordered.count) \(span)", client: "router")
    }

    private func names(_ notices: [BreakerNotice], _ event: BreakerNotice.Event) -> [JSON] {
        notices.filter { $0.event == event }.prefix(Self.maximumNamed).map { .string($0.name) }
    }

    private func subject(_ notices: [BreakerNotice]) -> String {
        guard notices.count > 1, let first = notices.first else {
            return notices.first.map { "\($0.name) \($0.event == .opened ? "is in trouble" : "works again")" } ?? ""
        }
        let opened = notices.count { $0.event == .opened }
        let words = [(opened, "in trouble"), (notices.count - opened, "working again")].filter { $0.0 > 0 }
        return words.map { "\($0) \($1)" }.joined(separator: ", ") + ": \(first.name) and others"
    }

    private func text(_ notices: [BreakerNotice]) -> String {
        var lines = notices.prefix(Self.maximumNamed).map { notice in
            switch notice.event {
            case .opened: "\(notice.time)  \(notice.name) does not take messages: \(notice.reason)"
            case .closed: "\(notice.time)  \(notice.name) takes messages again"
            }
        }
        if notices.count > Self.maximumNamed { lines.append("… and \(notices.count - Self.maximumNamed) more") }
        return """
            \(lines.joined(separator: "\n"))

            Messages wait meanwhile, and a probe goes out from time to time. `postroad mailboxes show NAME` on \(router) says \
            when; `postroad mailboxes reset NAME` tries at once.
            """
    }
}
