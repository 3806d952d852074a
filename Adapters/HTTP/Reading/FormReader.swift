import Messages

/// Reads `application/x-www-form-urlencoded` (URL standard §5.1).
enum FormReader {
    /// The most fields a form has.
    static let maximumFields = 1_000

    /// The fields as members of an object, in their order; a name that comes again keeps its last value.
    ///
    /// - Throws: ``Problem`` with status 400 for too many fields and for what is not UTF-8.
    static func read(_ body: [UInt8]) throws(Problem) -> JSONObject {
        var object = JSONObject()
        var count = 0
        for field in body.split(separator: UInt8(ascii: "&")) {
            count += 1
            guard count <= maximumFields else { throw Problem(400, "a form has at most 1000 fields") }
            let equals = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
            let name = try text(field[..<equals])
            object[name] = .string(try text(equals < field.endIndex ? field[(equals + 1)...] : []))
        }
        return object
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
        guard let text = String(validating: PercentCoding.decode(bytes, plusIsSpace: true), as: UTF8.self) else {
            throw Problem(400, "the form is not UTF-8")
        }
        return text
    }
}

/// Decodes `%41` (RFC 3986 §2.1); what is no such triplet stays as it is.
enum PercentCoding {
    /// The bytes with their triplets decoded once.
    static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let high = digit(rest[rest.startIndex]),
                let low = digit(rest[rest.startIndex + 1])
            {
                result.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                result.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
