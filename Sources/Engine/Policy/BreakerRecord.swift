import Messages

/// What is remembered over restarts of a breaker that is not closed.
struct BreakerRecord: Sendable, Hashable {
    /// Why it opened.
    var reason: String
    /// Since when it has been in trouble.
    var since: Timestamp
    /// When the next probe goes.
    var until: Timestamp
    /// How often it has opened in a row, at least once.
    var openings: Int
}

extension BreakerRecord {
    /// The record as it is stored.
    var encoded: [UInt8] {
        JSON.object([
            "reason": .string(reason), "since": .string(since.description), "until": .string(until.description),
            "openings": .integer(Int64(openings)),
        ]).encoded()
    }

    /// Reads what was stored; `nil` for what is none.
    ///
    /// Earlier releases stored the next probe alone.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes),
            let until = json["until"]?.string.flatMap({ try? Timestamp(parsing: $0) })
        else { return nil }
        self.until = until
        reason = json["reason"]?.string ?? "open since before the restart"
        since = json["since"]?.string.flatMap { try? Timestamp(parsing: $0) } ?? until
        openings = max(1, Int(clamping: json["openings"]?.integer ?? 1))
    }
}

/// That a breaker opened or closed: what the postmaster is told once.
struct BreakerNotice: Sendable, Hashable {
    /// What happened to it.
    enum Event: String, Sendable {
        case opened
        case closed
    }

    /// The mailbox, or the recipient whose lane it is.
    var name: String
    /// What happened.
    var event: Event
    /// When.
    var time: Timestamp
    /// Why it opened, or had opened.
    var reason: String
}

extension BreakerNotice {
    /// The notice as it is stored.
    var encoded: [UInt8] {
        JSON.object([
            "name": .string(name), "event": .string(event.rawValue), "time": .string(time.description),
            "reason": .string(reason),
        ]).encoded()
    }

    /// Reads what was stored; `nil` for what is none.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let name = json["name"]?.string,
            let event = json["event"]?.string.flatMap(Event.init), let text = json["time"]?.string,
            let time = try? Timestamp(parsing: text)
        else { return nil }
        self.init(name: name, event: event, time: time, reason: json["reason"]?.string ?? "")
    }
}
