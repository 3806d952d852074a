extension HTTPFields {
    /// Takes the fields of a head over whose names and values stand in these places, with any spaces behind the values.
    ///
    /// A value is UTF-8 where it is that, and else ISO 8859-1, as values once were (RFC 9110 §5.5).
    init(head: UnsafeBufferPointer<UInt8>, _ places: [Place]) {
        var bytes = Array(head)
        var places = places
        for index in places.indices {
            let range = Self.trimmed(places[index].value, in: head)
            let value = head[Int(range.lowerBound)..<Int(range.upperBound)]
            let isText = value.allSatisfy { $0 < 0x80 } || String(validating: value, as: UTF8.self) != nil
            places[index].value = isText ? range : Self.append(value, to: &bytes)
        }
        self.init(bytes: bytes, places: places)
    }

    private static func trimmed(_ range: Range<UInt32>, in head: UnsafeBufferPointer<UInt8>) -> Range<UInt32> {
        var end = range.upperBound
        while end > range.lowerBound, head[Int(end) - 1] == 0x20 || head[Int(end) - 1] == 0x09 { end -= 1 }
        return range.lowerBound..<end
    }

    private static func append(_ latin1: Slice<UnsafeBufferPointer<UInt8>>, to bytes: inout [UInt8]) -> Range<UInt32> {
        let start = UInt32(bytes.count)
        for byte in latin1 { bytes.append(contentsOf: String(Unicode.Scalar(byte)).utf8) }
        return start..<UInt32(bytes.count)
    }

    /// How many fields have this name.
    func count(of name: String) -> Int {
        places.count { isNamed($0, name) }
    }

    /// Lends the bytes of the first value of this name; nil when there is none.
    func withFirst<Result>(_ name: String, _ body: (Slice<UnsafeBufferPointer<UInt8>>) -> Result) -> Result? {
        guard let place = places.first(where: { isNamed($0, name) }) else { return nil }
        return bytes.withUnsafeBufferPointer {
            body($0[Int(place.value.lowerBound)..<Int(place.value.upperBound)])
        }
    }
}
