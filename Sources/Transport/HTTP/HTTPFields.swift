/// The header fields of a message: in order, found without regard to case, any name as often as it came (RFC 9110 §5).
///
/// All bytes lie in one buffer, and a text is made of them when it is asked for: most fields of most requests are never
/// looked at.
public struct HTTPFields: Sendable {
    /// One field: its name as it was written, and its value without the spaces around it.
    public struct Field: Sendable, Hashable {
        /// The name, a token.
        public let name: String
        /// The value; bytes that are not UTF-8 are read as ISO 8859-1.
        public let value: String

        /// Creates a field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Where a field's name and value stand in the buffer; both are UTF-8.
    struct Place {
        let name: Range<UInt32>
        var value: Range<UInt32>
    }

    /// The fields' bytes, and what stands between them.
    private(set) var bytes: [UInt8]
    private(set) var places: [Place]

    /// Creates fields from an array.
    public init(_ fields: [Field] = []) {
        bytes = []
        places = []
        places.reserveCapacity(fields.count)
        for field in fields { add(field.name, field.value) }
    }

    /// Takes fields over that stand in these bytes.
    init(bytes: [UInt8], places: [Place]) {
        self.bytes = bytes
        self.places = places
    }

    /// The fields in their order.
    public var fields: [Field] { Array(self) }

    /// The first value of this name; setting it replaces all of that name, and nil removes them.
    public subscript(name: String) -> String? {
        get { index(of: name).map(value) }
        set {
            let rest = places.filter { !isNamed($0, name) }
            places = rest
            if let newValue { add(name, newValue) }
        }
    }

    /// All values of this name, in their order.
    public func values(_ name: String) -> [String] {
        places.indices.compactMap { isNamed(places[$0], name) ? value(at: $0) : nil }
    }

    /// The elements of a comma-separated list spread over all fields of this name, without spaces around them and empty
    /// ones.
    public func list(_ name: String) -> [Substring] {
        guard contains(name) else { return [] }
        return values(name).flatMap { value in
            value.split(separator: ",").map { $0.trimmingHTTPSpace() }.filter { !$0.isEmpty }
        }
    }

    /// Adds a field after the others.
    public mutating func add(_ name: String, _ value: String) {
        let start = bytes.count
        bytes.append(contentsOf: name.utf8)
        let middle = bytes.count
        bytes.append(contentsOf: value.utf8)
        places.append(Place(name: UInt32(start)..<UInt32(middle), value: UInt32(middle)..<UInt32(bytes.count)))
    }

    /// Tells whether a field of this name is there.
    public func contains(_ name: String) -> Bool {
        index(of: name) != nil
    }

    /// Tells whether two names, or tokens, are the same but for the case of ASCII letters.
    static func isEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
        let left = left.utf8
        let right = right.utf8
        return left.count == right.count && zip(left, right).allSatisfy { $0.asciiLowercase == $1.asciiLowercase }
    }
}

// MARK: - Bytes

extension HTTPFields {
    /// Lends the bytes of each name and value.
    func forEachBytes<Failure: Error>(
        _ body: (_ name: Slice<UnsafeBufferPointer<UInt8>>, _ value: Slice<UnsafeBufferPointer<UInt8>>) throws(Failure)
            -> Void
    ) throws(Failure) {
        guard !places.isEmpty else { return }
        try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
            for place in places {
                try body(
                    bytes[Int(place.name.lowerBound)..<Int(place.name.upperBound)],
                    bytes[Int(place.value.lowerBound)..<Int(place.value.upperBound)])
            }
        }
    }

    /// Tells whether every name is a token and no value would end its line, so that nothing can be put between.
    var canBeSent: Bool {
        places.isEmpty
            || bytes.withUnsafeBufferPointer { bytes in
                places.allSatisfy { place in
                    !place.name.isEmpty
                        && bytes[Int(place.name.lowerBound)..<Int(place.name.upperBound)].allSatisfy(\.isHTTPToken)
                        && bytes[Int(place.value.lowerBound)..<Int(place.value.upperBound)].allSatisfy(\.isHTTPValue)
                }
            }
    }

    private func index(of name: String) -> Int? {
        places.firstIndex { isNamed($0, name) }
    }

    func isNamed(_ place: Place, _ name: String) -> Bool {
        let name = name.utf8
        guard place.name.count == name.count else { return false }
        var index = Int(place.name.lowerBound)
        for byte in name {
            guard bytes[index].asciiLowercase == byte.asciiLowercase else { return false }
            index += 1
        }
        return true
    }

    private func value(at index: Int) -> String {
        text(places[index].value)
    }

    private func text(_ range: Range<UInt32>) -> String {
        String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }
}

// MARK: - Conformances

extension HTTPFields: Hashable {
    /// Tells whether the same names, as they were written, and values stand there in the same order.
    public static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.count == right.count
            && zip(left.places, right.places).allSatisfy { here, there in
                left.slice(here.name).elementsEqual(right.slice(there.name))
                    && left.slice(here.value).elementsEqual(right.slice(there.value))
            }
    }

    /// Feeds the names and values to the hasher.
    public func hash(into hasher: inout Hasher) {
        for place in places {
            hasher.combine(slice(place.name))
            hasher.combine(slice(place.value))
        }
    }

    private func slice(_ range: Range<UInt32>) -> ArraySlice<UInt8> {
        bytes[Int(range.lowerBound)..<Int(range.upperBound)]
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    /// Creates fields from names and values, in their order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}

extension HTTPFields: RandomAccessCollection {
    /// The index of the first field.
    public var startIndex: Int { places.startIndex }
    /// The index after the last field.
    public var endIndex: Int { places.endIndex }
    /// The field at an index.
    public subscript(position: Int) -> Field {
        Field(name: text(places[position].name), value: text(places[position].value))
    }
}
