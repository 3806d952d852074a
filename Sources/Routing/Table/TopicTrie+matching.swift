import Messages

extension TopicTrie {
    /// The sets of places of a search, kept so that the next one needs no memory of its own.
    struct Scratch: Sendable {
        fileprivate var places: [Int32] = []
        fileprivate var next: [Int32] = []

        init() {
            places.reserveCapacity(16)
            next.reserveCapacity(16)
        }
    }

    /// Adds the numbers of the patterns that the topic fits, each once, in no order.
    func match(_ topic: Topic, _ scratch: inout Scratch, into found: inout [Int32]) {
        guard count > 0 else { return }
        scratch.places.removeAll(keepingCapacity: true)
        if let word = numbers[topic.source, hash: topic.source.hashValue], let root = child(0, word) {
            enter(root, &scratch.places)
        }
        if nodes[0].one >= 0 { enter(nodes[0].one, &scratch.places) }
        let bytes = topic.class.utf8
        var start = bytes.startIndex
        while !scratch.places.isEmpty {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
            let text = String(Substring(bytes[start..<end]))
            let word = numbers[text, hash: text.hashValue] ?? -1
            scratch.next.removeAll(keepingCapacity: true)
            for place in scratch.places { step(from: place, by: word, &scratch.next) }
            swap(&scratch.places, &scratch.next)
            guard end < bytes.endIndex else { break }
            start = bytes.index(after: end)
        }
        for place in scratch.places {
            var entry = nodes[Int(place)].first
            while entry >= 0 {
                found.append(entry)
                entry = entries[Int(entry)].next
            }
        }
    }

    private func child(_ place: Int32, _ word: Int32) -> Int32? {
        let edge = Self.edge(place, word)
        return edges[edge, hash: Self.hash(edge)]
    }

    private func step(from place: Int32, by word: Int32, _ next: inout [Int32]) {
        let node = nodes[Int(place)]
        if node.isAny { enter(place, &next) }
        if node.one >= 0 { enter(node.one, &next) }
        if word >= 0, let child = child(place, word) { enter(child, &next) }
    }

    /// Adds a place, and those after it by a `**` that takes nothing.
    private func enter(_ place: Int32, _ places: inout [Int32]) {
        var place = place
        while place >= 0 {
            let node = nodes[Int(place)]
            // Only a place after `**` can be reached in two ways.
            if node.isAny, places.contains(place) { return }
            places.append(place)
            place = node.any
        }
    }

    /// A pattern as it was added, but for a `**` behind another.
    func pattern(_ number: Int32) -> String {
        var parts: [String] = []
        var place = entries[Int(number)].node
        while place > 0 {
            let node = nodes[Int(place)]
            switch node.word {
            case Way.one: parts.append("*")
            case Way.any: parts.append("**")
            default: parts.append(words[Int(node.word)].text)
            }
            place = node.parent
        }
        guard let source = parts.popLast() else { return "" }
        return "\(source):\(parts.reversed().joined(separator: "/"))"
    }
}
