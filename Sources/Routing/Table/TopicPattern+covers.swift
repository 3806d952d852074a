public import Messages

extension TopicPattern {
    /// Tells whether every topic that fits the other pattern fits this one too.
    ///
    /// A yes is certain. A no may be wrong where `*` and `**` stand side by side in different orders, as in `**/*`.
    public func covers(_ other: TopicPattern) -> Bool {
        guard source == nil || source == other.source else { return false }
        var row = [Bool](repeating: false, count: other.segments.count + 1)
        row[0] = true
        for segment in segments {
            var next = [Bool](repeating: false, count: row.count)
            next[0] = row[0] && segment == .any
            for (index, covered) in other.segments.enumerated() {
                next[index + 1] =
                    switch (segment, covered) {
                    case (.any, _): row[index + 1] || next[index] || row[index]
                    case (.one, .literal), (.one, .one): row[index]
                    case (.literal(let text), .literal(let other)): row[index] && text == other
                    default: false
                    }
            }
            row = next
        }
        return row[other.segments.count]
    }
}
