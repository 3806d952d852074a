import Conditions
import Configuration
import Messages

extension ConfigurationReader {
    /// Warns of routes that no message reaches, because an earlier one takes everything of theirs and stops.
    mutating func warnOfShadows(_ table: RouteTable) {
        guard table.routes.contains(where: \.stopsAlways) else { return }
        for (index, route) in table.routes.enumerated() where !route.patterns.isEmpty {
            let earlier = route.patterns.map { Self.shadow(of: $0, before: index, in: table) }
            guard let first = earlier.first ?? nil, !earlier.contains(nil) else { continue }
            let shadow = table.routes[first]
            diagnostics.warning(
                "no message gets here: the route \(shown(shadow.name)) at \(shadow.location) takes them all and stops",
                at: route.position, keyPath: NodePath([.key("routes"), .index(index)]))
        }
    }

    /// The first route before `index` that takes all that fits the pattern, and stops.
    ///
    /// It must at least take a sample of the pattern, so the table finds the few to look at.
    private static func shadow(of pattern: TopicPattern, before index: Int, in table: RouteTable) -> Int? {
        guard let sample = pattern.sample else { return nil }
        return table.candidates(for: sample).first { earlier in
            earlier < index && table.routes[earlier].stopsAlways
                && table.routes[earlier].patterns.contains { $0.covers(pattern) }
        }
    }
}

extension Route {
    /// Whether the route stops every message that fits its patterns.
    fileprivate var stopsAlways: Bool { stops && condition == .always && exclusions.isEmpty }
}

extension TopicPattern {
    /// A topic that fits the pattern, with words in its holes that hardly any pattern has.
    var sample: Topic? {
        let words = segments.map { segment in
            if case .literal(let text) = segment { text } else { "\u{FFFD}" }
        }
        return try? Topic(source: source ?? "a-mailbox-of-no-name", class: words.joined(separator: "/"))
    }
}
