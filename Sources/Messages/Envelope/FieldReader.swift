/// Reads the members of a JSON object by name and type, and knows the path of each for its errors.
struct FieldReader {
    let object: JSONObject
    private let path: String

    init(_ json: JSON, path: String) throws(MessageError) {
        guard let object = json.object else {
            throw .badField(path: path.isEmpty ? "envelope" : path, reason: "expected an object")
        }
        self.object = object
        self.path = path
    }

    func fault(_ name: String, _ reason: String) -> MessageError {
        .badField(path: child(name), reason: reason)
    }

    func string(_ name: String) throws(MessageError) -> String? {
        guard let value = present(name) else { return nil }
        return try Self.string(value, path: child(name))
    }

    static func string(_ value: JSON, path: String) throws(MessageError) -> String {
        guard let text = value.string else { throw .badField(path: path, reason: "expected a string") }
        return text
    }

    func bool(_ name: String) throws(MessageError) -> Bool? {
        guard let value = present(name) else { return nil }
        guard let bool = value.bool else { throw fault(name, "expected true or false") }
        return bool
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(MessageError) -> Int? {
        guard let value = present(name) else { return nil }
        guard let integer = value.integer.flatMap(Int.init(exactly:)), range.contains(integer) else {
            throw fault(name, "expected an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws(MessageError) -> Choice? {
        guard let text = try string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw fault(name, "expected one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// The member parsed from its text; an error of the parser is told with the member's path.
    func parsed<Value>(_ name: String, _ parse: (String) throws(MessageError) -> Value) throws(MessageError) -> Value? {
        guard let text = try string(name) else { return nil }
        do {
            return try parse(text)
        } catch {
            throw fault(name, error.description)
        }
    }

    func required<Value>(
        _ name: String, or substitute: Value? = nil, _ parse: (String) throws(MessageError) -> Value
    ) throws(MessageError) -> Value {
        guard let value = try parsed(name, parse) ?? substitute else { throw fault(name, "is missing") }
        return value
    }

    func object(_ name: String) throws(MessageError) -> FieldReader? {
        guard let value = present(name) else { return nil }
        return try FieldReader(value, path: child(name))
    }

    func strings(_ name: String) throws(MessageError) -> [String: String] {
        guard let fields = try object(name) else { return [:] }
        guard fields.object.members.count <= Envelope.maximumItems else {
            throw fault(name, "has more than \(Envelope.maximumItems) members")
        }
        var strings: [String: String] = [:]
        for member in fields.object.members {
            strings[member.name] = try Self.string(member.value, path: fields.child(member.name))
        }
        return strings
    }

    func list<Element>(_ name: String, _ read: (JSON, String) throws(MessageError) -> Element)
        throws(MessageError) -> [Element]
    {
        guard let value = present(name) else { return [] }
        guard let elements = value.array else { throw fault(name, "expected an array") }
        guard elements.count <= Envelope.maximumItems else {
            throw fault(name, "has more than \(Envelope.maximumItems) elements")
        }
        var result: [Element] = []
        result.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            let path = "\(child(name))[\(index)]"
            do {
                result.append(try read(element, path))
            } catch .badField(let path, let reason) {
                throw .badField(path: path, reason: reason)
            } catch {
                throw .badField(path: path, reason: error.description)
            }
        }
        return result
    }

    private func present(_ name: String) -> JSON? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    private func child(_ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
