import Messages

/// The times in the header of an HTTP answer.
enum AnswerTimes {
    /// How long the answer is fresh (RFC 9111 §4.2.1): `max-age`, else `Expires` less now; `nil` when nothing says.
    static func lifetime(cacheControl: String?, expires: String?, now: Timestamp) -> Duration? {
        let directives = (cacheControl ?? "").lowercased().split(separator: ",").map { String($0).trimmed }
        if directives.contains("no-cache") || directives.contains("no-store") { return nil }
        for directive in directives where directive.hasPrefix("max-age=") {
            guard let seconds = Int64(directive.dropFirst(8).filter { $0 != "\"" }) else { continue }
            return .seconds(max(0, min(seconds, 31_536_000)))
        }
        // An Expires that is no date is in the past (RFC 9111 §5.3).
        guard let time = expires.flatMap(FeedDates.parse), time > now else { return nil }
        return time - now
    }

    /// How long to wait (RFC 9110 §10.2.3): a number of seconds, or a date; `nil` for neither.
    static func retryAfter(_ value: String?, now: Timestamp) -> Duration? {
        guard let value = value?.trimmedOrNil else { return nil }
        if value.utf8.allSatisfy(\.isDigit) { return .seconds(Int64(value.prefix(10)) ?? 0) }
        guard let time = FeedDates.parse(value) else { return nil }
        return max(.zero, time - now)
    }
}
