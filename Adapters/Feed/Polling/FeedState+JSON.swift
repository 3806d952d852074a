import Messages

extension FeedState {
    /// What the state store keeps.
    var encoded: [UInt8] {
        var object = JSONObject()
        object["place"] = .string(place)
        object["moved_to"] = movedTo.map { .string($0) }
        if let move {
            object["move"] = [
                "target": .string(move.target), "count": .integer(Int64(move.count)),
                "since": .integer(move.since.milliseconds),
            ]
        }
        object["etag"] = entityTag.map { .string($0) }
        object["last_modified"] = lastModified.map { .string($0) }
        object["digest"] = digest.map { .string($0) }
        object["every"] = .integer(every.components.seconds)
        object["known"] = .bool(isKnown)
        object["failures"] = .integer(Int64(failures))
        object["told"] = .bool(isTold)
        object["next_poll"] = nextPoll.map { .integer($0.milliseconds) }
        object["last_success"] = lastSuccess.map { .integer($0.milliseconds) }
        object["interval"] = hints.interval.map { .integer($0.components.seconds) }
        object["skipped_hours"] = .array(hints.skippedHours.sorted().map { .integer(Int64($0)) })
        object["skipped_days"] = .array(hints.skippedDays.sorted().map { .integer(Int64($0)) })
        object["sequence"] = .integer(sequence)
        return JSON.object(object).encoded()
    }

    /// Reads what the state store keeps; what another version left there is as good as nothing.
    init(encoded: [UInt8]) {
        self.init()
        guard let json = try? JSON(parsing: encoded) else { return }
        place = json["place"]?.string ?? ""
        movedTo = json["moved_to"]?.string
        if let target = json["move"]?["target"]?.string, let count = json["move"]?["count"]?.integer,
            let since = json["move"]?["since"]?.integer
        {
            move = PendingMove(target: target, count: Int(clamping: count), since: Timestamp(milliseconds: since))
        }
        entityTag = json["etag"]?.string
        lastModified = json["last_modified"]?.string
        digest = json["digest"]?.string
        every = .seconds(json["every"]?.integer ?? 0)
        isKnown = json["known"]?.bool ?? false
        failures = Int(clamping: json["failures"]?.integer ?? 0)
        isTold = json["told"]?.bool ?? false
        nextPoll = (json["next_poll"]?.integer).map(Timestamp.init(milliseconds:))
        lastSuccess = (json["last_success"]?.integer).map(Timestamp.init(milliseconds:))
        hints.interval = (json["interval"]?.integer).map { .seconds($0) }
        hints.skippedHours = Set(
            (json["skipped_hours"]?.array ?? []).compactMap { $0.integer.map(Int.init(clamping:)) })
        hints.skippedDays = Set((json["skipped_days"]?.array ?? []).compactMap { $0.integer.map(Int.init(clamping:)) })
        sequence = json["sequence"]?.integer ?? 0
    }
}
