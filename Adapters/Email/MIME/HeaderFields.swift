/// The header of a message or a part: fields in their order, unfolded, not decoded (RFC 5322 §2.2).
public struct HeaderFields: Sendable, Hashable {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name, in lower case.
        public let name: String
        /// The value as it came, without folding and without white space around it.
        public fileprivate(set) var value: [UInt8]

        fileprivate mutating func trim() {
            while value.last?.isBlank == true { value.removeLast() }
            value = Array(value.drop { $0.isBlank })
        }
    }

    /// The fields, in their order.
    public private(set) var fields: [Field] = []

    /// A header without fields.
    init() {}

    /// Reads the header at the start of the bytes and tells where the body begins.
    ///
    /// Lines may end with CRLF or LF. A line that is no field ends the header, so that no text is lost.
    init(
        reading bytes: ArraySlice<UInt8>, limits: MailLimits, bodyStart: inout Int
    ) throws(MailError) {
        bodyStart = try readLines(bytes, limits)
        for index in fields.indices { fields[index].trim() }
    }

    private mutating func readLines(_ bytes: ArraySlice<UInt8>, _ limits: MailLimits) throws(MailError) -> Int {
        var lines = LineCursor(bytes)
        while let line = lines.next() {
            let content = bytes[line.content]
            if content.isEmpty { return line.end }
            guard line.end - bytes.startIndex <= limits.headerBytes else {
                throw .headerTooLarge(limit: limits.headerBytes)
            }
            if content.first?.isBlank == true, !fields.isEmpty {
                fields[fields.count - 1].value += content
            } else if let field = Self.field(content) {
                guard fields.count < limits.headerFields else { throw .tooManyFields(limit: limits.headerFields) }
                fields.append(field)
            } else if !(line.isFirst && content.starts(with: Array("From ".utf8))) {
                // The first line of a file in mbox format is no field, and anything else begins the body.
                return line.start
            }
        }
        return bytes.endIndex
    }

    /// The raw value of the first field of this name, which is in lower case.
    public subscript(name: String) -> [UInt8]? {
        fields.first { $0.name == name }?.value
    }

    /// The raw values of all fields of this name.
    public func all(_ name: String) -> [[UInt8]] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// The value of the first field of this name as text, its encoded words decoded.
    public func text(_ name: String) -> String? {
        self[name].map { GMimeSyntax.decodedText($0) }
    }

    /// The value of the first field of this name in lower case, for fields that are words.
    func word(_ name: String) -> String? {
        self[name].map { String(decoding: $0, as: UTF8.self).lowercased() }
    }

    private static func field(_ line: ArraySlice<UInt8>) -> Field? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var name = line[..<colon]
        while name.last?.isBlank == true { name.removeLast() }
        guard !name.isEmpty, name.count <= 256, name.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return Field(
            name: String(decoding: name, as: UTF8.self).lowercased(), value: Array(line[line.index(after: colon)...]))
    }
}

extension UInt8 {
    /// Whether it is a space or a tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }
}
