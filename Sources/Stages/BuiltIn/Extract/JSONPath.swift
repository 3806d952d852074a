import Messages

/// A way to values inside JSON (RFC 9535): names, indexes, slices, wildcards and descendants; no filters.
struct JSONPath: Sendable, Hashable {
    /// What a step takes of a value.
    enum Selector: Sendable, Hashable {
        /// `.name` or `['name']`
        case member(String)
        /// `[3]`, or `[-1]` from the end
        case element(Int)
        /// `[1:4]`, without steps
        case slice(Int?, Int?)
        /// `.*` or `[*]`
        case all
    }

    /// One step of the way.
    struct Step: Sendable, Hashable {
        /// What it takes; several in one pair of brackets.
        var selectors: [Selector]
        /// Whether it takes them at any depth, as `..name`.
        var isDeep = false
    }

    /// The most values that are looked at: a document in which `..` finds more is refused.
    static let visitLimit = 100_000

    let steps: [Step]

    /// Whether it leads to one value at most, so that it gives this and no list (RFC 9535 §2.3.5.1, singular queries).
    var isSingular: Bool {
        steps.allSatisfy { step in
            guard !step.isDeep, step.selectors.count == 1 else { return false }
            switch step.selectors[0] {
            case .member, .element: return true
            case .slice, .all: return false
            }
        }
    }

    /// The values at the end of the way; `nil` when more have to be looked at than is sound.
    func values(in root: JSON) -> [JSON]? {
        var (values, visits) = ([root], 0)
        for step in steps {
            var next: [JSON] = []
            for value in values {
                guard Self.walk(value, step, &next, &visits) else { return nil }
            }
            values = next
        }
        return values
    }

    private static func walk(_ value: JSON, _ step: Step, _ found: inout [JSON], _ visits: inout Int) -> Bool {
        for selector in step.selectors { select(selector, in: value, &found) }
        visits += 1
        guard visits + found.count <= visitLimit else { return false }
        guard step.isDeep else { return true }
        for child in value.children where !walk(child, step, &found, &visits) { return false }
        return true
    }

    private static func select(_ selector: Selector, in value: JSON, _ found: inout [JSON]) {
        switch selector {
        case .member(let name): if let member = value[name] { found.append(member) }
        case .all: found += value.children
        case .element(let index):
            guard let elements = value.array else { return }
            let place = index < 0 ? elements.count + index : index
            if elements.indices.contains(place) { found.append(elements[place]) }
        case .slice(let start, let end):
            guard let elements = value.array else { return }
            // RFC 9535 §2.3.4.2: bounds count from the end when they are negative, and are kept inside the list.
            func bound(_ index: Int?, _ missing: Int) -> Int {
                guard let index else { return missing }
                return min(max(index < 0 ? elements.count + index : index, 0), elements.count)
            }
            let (lower, upper) = (bound(start, 0), bound(end, elements.count))
            if lower < upper { found += elements[lower..<upper] }
        }
    }
}

extension JSON {
    /// The elements of an array, or the values of an object.
    fileprivate var children: [JSON] {
        switch self {
        case .array(let elements): elements
        case .object(let object): object.members.map(\.value)
        default: []
        }
    }
}
