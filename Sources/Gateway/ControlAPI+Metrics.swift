import AdapterKit
import Engine
import Messages
import Spooling
import Transport

extension ControlAPI {
    /// Why somebody may not read the metrics; nil when that is allowed.
    func metricsFault(_ request: HTTPRequest) -> String? {
        if request.isOverUnixSocket { return nil }
        switch readers {
        case .everyone: return nil
        case .local: return request.localFault
        case .operators:
            return "this is for the operator, by the control socket; router.metrics in routes.yaml lets others read it"
        }
    }

    /// Everything that is counted, as Prometheus reads it.
    func metrics(_ request: HTTPRequest) async throws -> HTTPResponse {
        var text = MetricsText()
        let version = await status.status()["version"]?.string ?? ""
        text.begin("postroad_build_info", .gauge, "The version that runs.")
        text.sample("postroad_build_info", [("version", version)], 1)
        text.write(exchange.metrics)
        text.write(exchange.pressureStatus)
        try await writeSpool(to: &text)
        text.write(await status.mailboxes())
        text.single(
            "process_start_time_seconds", .gauge, "When the router was started.",
            Double(exchange.feed.started.milliseconds) / 1_000)
        ProcessFacts().write(to: &text)
        return HTTPResponse(.ok, type: MetricsText.mediaType, body: Array(text.text.utf8))
    }

    private func writeSpool(to text: inout MetricsText) async throws {
        let counts = try await spool.counts()
        text.begin("postroad_dispatches", .gauge, "Dispatches in the spool, by their state.")
        for state in DispatchState.allCases {
            text.sample("postroad_dispatches", [("state", state.rawValue)], counts[state] ?? 0)
        }
        text.single("postroad_spool_bytes", .gauge, "What messages, traces and blobs take.", try await spool.size())
        text.single(
            "postroad_refusing", .gauge, "1 while the router takes no messages.", exchange.refusal == nil ? 0 : 1)
        text.single("postroad_event_watchers", .gauge, "Who watches events.", exchange.feed.watcherCount)
    }

    /// Whether the router and its mailboxes can do their work: 200 or 503.
    ///
    /// `?mailbox=a,b` asks of these only. Strangers are told the verdict without the reasons.
    func readiness(_ request: HTTPRequest) async -> HTTPResponse {
        let names = request.query("mailbox")?.split(separator: ",").map(String.init)
        let readiness = Readiness(refusal: exchange.refusal, await status.mailboxes(), only: names)
        let isOpen = metricsFault(request) == nil || request.localFault == nil
        return .json(
            isOpen ? readiness.json : ["ready": .bool(readiness.isReady)],
            status: readiness.isReady ? .ok : .serviceUnavailable)
    }
}

extension MetricsText {
    fileprivate mutating func write(_ status: PressureStatus) {
        single("postroad_accepts_under_way", .gauge, "Messages on their way to the disk.", status.underWay)
        single("postroad_accepts_waiting", .gauge, "Senders that wait until less is under way.", status.waiting)
        single("postroad_committed_unread", .gauge, "Messages on the disk, not yet in their lanes.", status.unread)
    }

    fileprivate mutating func write(_ mailboxes: [MailboxStatus]) {
        func each(_ name: String, _ help: String, _ value: (MailboxStatus) -> Int?) {
            begin(name, .gauge, help)
            for mailbox in mailboxes {
                if let value = value(mailbox) { sample(name, [("mailbox", mailbox.name)], value) }
            }
        }
        each("postroad_mailbox_ready", "1 while the mailbox can do its work.") {
            Readiness.Mailbox($0).isReady ? 1 : 0
        }
        each("postroad_mailbox_paused", "1 while an operator has paused it.") {
            $0.outgoing.map { $0.isPaused ? 1 : 0 }
        }
        each("postroad_mailbox_breaker_open", "1 while the breaker of the mailbox is not closed.") {
            $0.outgoing.map { $0.breaker.word == .closed ? 0 : 1 }
        }
        each("postroad_mailbox_open_lanes", "Lanes whose breakers are not closed.") { $0.outgoing?.openLaneCount }
        each("postroad_mailbox_attempts_under_way", "Attempts under way.") { $0.outgoing?.active }
        each("postroad_mailbox_lanes", "Lanes with something to do or to remember.") { $0.outgoing?.lanes }
    }
}
