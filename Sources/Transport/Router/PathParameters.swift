/// What a route's pattern found in a path, by name.
///
/// The values are cut out of the path when they are asked for, so that a match costs nothing.
public struct PathParameters: Sendable, Hashable {
    /// Where a parameter stands.
    struct Place: Sendable, Hashable {
        let name: String
        let index: Int
        let takesRest: Bool
    }

    private let places: [Place]
    private let segments: [String]

    init(_ places: [Place], in segments: [String]) {
        self.places = places
        self.segments = places.isEmpty ? [] : segments
    }

    /// The segment of this name; for `{name...}` the rest of the path with its slashes, nil for a name the pattern lacks.
    public subscript(name: String) -> String? {
        places.first { $0.name == name }.map(value)
    }

    private func value(at place: Place) -> String {
        place.takesRest ? segments[place.index...].joined(separator: "/") : segments[place.index]
    }
}

extension PathParameters: Sequence {
    /// The names and values in the order of the path.
    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        places.lazy.map { (name: $0.name, value: value(at: $0)) }.makeIterator()
    }
}

extension PathParameters: ExpressibleByDictionaryLiteral {
    /// Creates parameters as a test needs them.
    public init(dictionaryLiteral elements: (String, String)...) {
        places = elements.indices.map { Place(name: elements[$0].0, index: $0, takesRest: false) }
        segments = elements.map(\.1)
    }
}
