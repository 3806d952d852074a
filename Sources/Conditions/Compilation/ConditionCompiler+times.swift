import Clocks
import Configuration
import Messages

extension ConditionCompiler {
    private static let timeOperators = ["between", "days", "zone", "lt", "lte", "gt", "gte", "exists", "not"]

    /// A point in time as a condition writes it.
    private enum Moment {
        /// A day of the calendar: its first instant, and that of the next day.
        case day(Timestamp, Timestamp)
        case instant(Timestamp)
        /// Minutes after midnight.
        case clock(Int)
    }

    /// Compiles what a time must be.
    mutating func time(_ node: YAMLNode, _ path: NodePath, zone: TimeZone = .utc) -> Predicate? {
        switch node.content {
        case .scalar: return timeScalar(node, path, zone)
        case .sequence(let items):
            if items.isEmpty { report(.empty("this list"), at: node, path) }
            return .any(items.enumerated().compactMap { time($1, path.appending($0), zone: zone) })
        case .mapping(let mapping):
            guard !mapping.entries.isEmpty else {
                report(.empty("this mapping"), at: node, path)
                return nil
            }
            return time(mapping, node, path, zone: zone)
        }
    }

    private mutating func time(
        _ mapping: YAMLMapping, _ node: YAMLNode, _ path: NodePath, zone outer: TimeZone
    ) -> Predicate? {
        guard let zone = mapping["zone"].map({ self.zone($0, path.appending("zone")) }) ?? outer else { return nil }
        var predicates: [Predicate] = []
        var days: Set<Int>?
        if let entry = mapping.entry("days") { days = self.days(entry.value, path.appending("days")) }
        for entry in mapping.entries where entry.key != "zone" && entry.key != "days" {
            if let predicate = operation(entry, path.appending(entry.key), zone) { predicates.append(predicate) }
        }
        if let days { join(days, zone, to: &predicates) }
        if mapping.entries.count == 1, mapping["zone"] != nil { report(.zoneAlone, at: node, path) }
        return predicates.count == 1 ? predicates[0] : .all(predicates)
    }

    /// Days belong to the hours beside them, for those may go on after midnight.
    private func join(_ days: Set<Int>, _ zone: TimeZone, to predicates: inout [Predicate]) {
        let index = predicates.firstIndex { if case .during(.hours) = $0 { true } else { false } }
        if let index, case .during(.hours(var hours)) = predicates[index] {
            hours.days = days
            predicates[index] = .during(.hours(hours))
        } else {
            predicates.append(.during(.hours(DailyHours(from: 0, until: DailyHours.dayLength, days: days, zone: zone))))
        }
    }

    private mutating func operation(_ entry: YAMLMapping.Entry, _ path: NodePath, _ zone: TimeZone) -> Predicate? {
        switch entry.key {
        case "exists": return exists(entry.value, path)
        case "not": return time(entry.value, path, zone: zone).map { .not($0) }
        case "between": return between(entry.value, path, zone)
        default:
            guard let comparison = Self.comparisons[entry.key] else {
                diagnostics.error(
                    ConditionFault.unknownOperator(entry.key).message, at: entry.keyPosition, keyPath: path,
                    suggestion: nearest(to: entry.key, among: Self.timeOperators))
                return nil
            }
            guard let scalar = scalar(entry.key, entry.value, path) else { return nil }
            return moment(scalar.text, entry.value, path, zone).map { Self.compare(comparison, $0, zone) }
        }
    }

    private mutating func timeScalar(_ node: YAMLNode, _ path: NodePath, _ zone: TimeZone) -> Predicate? {
        guard let scalar = scalar("a time", node, path) else { return nil }
        let comparison = Comparison.allCases.first { scalar.text.hasPrefix($0.rawValue) }
        let text = scalar.text.dropFirst(comparison?.rawValue.count ?? 0).drop { $0 == " " }
        guard let moment = moment(String(text), node, path, zone) else { return nil }
        if let comparison { return Self.compare(comparison, moment, zone) }
        if case .day(let start, let end) = moment { return .during(.span(from: start, until: end)) }
        report(.notATime(got: "\(node.shortDescription), which no message meets exactly"), at: node, path)
        return nil
    }

    private static func compare(_ comparison: Comparison, _ moment: Moment, _ zone: TimeZone) -> Predicate {
        let isLower = comparison == .atLeast || comparison == .more
        switch moment {
        case .clock(let minutes):
            return .during(
                .hours(
                    DailyHours(
                        from: isLower ? minutes : 0, until: isLower ? DailyHours.dayLength : minutes, days: nil,
                        zone: zone)))
        case .day(let start, let end):
            switch comparison {
            case .atLeast: return .during(.span(from: start, until: nil))
            case .more: return .during(.span(from: end, until: nil))
            case .less: return .during(.span(from: nil, until: start))
            case .atMost: return .during(.span(from: nil, until: end))
            }
        case .instant(let time):
            // Times are counted in milliseconds, so the next one is the first that is later.
            let next = time + .milliseconds(1)
            switch comparison {
            case .atLeast: return .during(.span(from: time, until: nil))
            case .more: return .during(.span(from: next, until: nil))
            case .less: return .during(.span(from: nil, until: time))
            case .atMost: return .during(.span(from: nil, until: next))
            }
        }
    }

    /// Two dates or times, the whole of the last day included, or two hours of the day, the last one excluded.
    private mutating func between(_ node: YAMLNode, _ path: NodePath, _ zone: TimeZone) -> Predicate? {
        guard let items = node.sequence, items.count == 2 else {
            report(.badOperator("between", expected: "a list of two times", got: node.shortDescription), at: node, path)
            return nil
        }
        let moments = items.enumerated().compactMap { index, item in
            scalar("between", item, path.appending(index)).flatMap {
                moment($0.text, item, path.appending(index), zone)
            }
        }
        guard moments.count == 2 else { return nil }
        let (from, until): (Timestamp, Timestamp)
        switch (moments[0], moments[1]) {
        case (.clock(let from), .clock(let until)):
            return .during(.hours(DailyHours(from: from, until: until, days: nil, zone: zone)))
        case (.clock, _), (_, .clock):
            report(.mixedTimes, at: node, path)
            return nil
        case (.day(let start, _), .day(_, let end)), (.instant(let start), .day(_, let end)):
            (from, until) = (start, end)
        case (.day(let start, _), .instant(let end)), (.instant(let start), .instant(let end)):
            (from, until) = (start, end + .milliseconds(1))
        }
        guard from < until else {
            report(.emptyRange(items.compactMap { $0.scalar?.shownText }.joined(separator: " and ")), at: node, path)
            return nil
        }
        return .during(.span(from: from, until: until))
    }

    // MARK: Words

    private mutating func moment(_ text: String, _ node: YAMLNode, _ path: NodePath, _ zone: TimeZone) -> Moment? {
        if let minutes = Self.clock(text) { return .clock(minutes) }
        if let time = try? Timestamp(parsing: text) { return .instant(time) }
        let halves = text.split(maxSplits: 1) { $0 == "T" || $0 == " " }.map(String.init)
        // A date without a zone is one of the calendar of the zone.
        if let day = halves.first, let date = try? Timestamp(parsing: "\(day)T00:00:00Z").civil {
            if halves.count == 1 {
                let next = (date.timestamp + .seconds(86_400)).civil
                return .day(zone.timestamp(of: date), zone.timestamp(of: next))
            }
            if let minutes = Self.clock(halves[1]) {
                return .instant(zone.timestamp(of: (date.timestamp + .seconds(minutes * 60)).civil))
            }
        }
        report(.notATime(got: node.shortDescription), at: node, path)
        return nil
    }

    /// The minutes after midnight of `HH:MM`, to `24:00`.
    private static func clock(_ text: String) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = UInt8(String(Substring(parts[0]))),
            let minute = UInt8(String(Substring(parts[1]))), minute < 60
        else { return nil }
        let minutes = Int(hour) * 60 + Int(minute)
        return minutes <= DailyHours.dayLength ? minutes : nil
    }

    private mutating func days(_ node: YAMLNode, _ path: NodePath) -> Set<Int>? {
        let items = node.sequence ?? [node]
        var days: Set<Int> = []
        for (index, item) in items.enumerated() {
            let path = node.sequence == nil ? path : path.appending(index)
            guard let scalar = scalar("days", item, path) else { continue }
            guard let range = Self.days(scalar.text) else {
                let suggestion = scalar.source == nil ? nearest(to: scalar.text, among: DailyHours.dayNames) : nil
                report(.notADay(got: item.shortDescription), at: item, path, suggestion: suggestion)
                continue
            }
            days.formUnion(range)
        }
        if items.isEmpty { report(.empty("this list"), at: node, path) }
        return days
    }

    /// The days of `mon` or `fri-mon`, which goes over the turn of the week.
    private static func days(_ text: String) -> [Int]? {
        let ends = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)
            .map { end in DailyHours.dayNames.firstIndex { end == $0 } }
        guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
        return (0...((last - first + 7) % 7)).map { (first + $0) % 7 }
    }

    private mutating func zone(_ node: YAMLNode, _ path: NodePath) -> TimeZone? {
        guard let scalar = scalar("zone", node, path) else { return nil }
        do {
            return try SystemTimeZones.zone(named: scalar.text)
        } catch {
            let suggestion = scalar.source == nil ? nearest(to: scalar.text, among: SystemTimeZones.names) : nil
            report(.badZone(scalar.text, error), at: node, path, suggestion: suggestion)
            return nil
        }
    }
}
