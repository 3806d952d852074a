import Messages
import Transport

/// The body of a request for control: an object whose fields are all known and have the right type.
///
/// A filter that is passed over because of a slip of the pen would be a filter that everything fits.
struct ControlBody {
    /// The fields.
    let fields: JSONObject

    /// Reads the body.
    ///
    /// - Throws: `MessageError` for what is no JSON, ``ControlError`` for what is no object, and for unknown fields.
    init(_ request: HTTPRequest, fields known: [String]) throws {
        guard let fields = try JSON(parsing: request.body).object else {
            throw ControlError(.badRequest, "expected an object with \(known.joined(separator: ", "))")
        }
        for member in fields.members where !known.contains(member.name) {
            throw ControlError(
                .badRequest, "no field is named \"\(member.name)\"; there are \(known.joined(separator: ", "))")
        }
        self.fields = fields
    }

    /// The string in a field, `nil` when it is not there.
    func string(_ name: String) throws -> String? {
        guard let value = fields[name], value != .null else { return nil }
        guard let text = value.string else { throw ControlError(.badRequest, "\(name): expected a string") }
        return text
    }

    /// The truth in a field, `nil` when it is not there.
    func bool(_ name: String) throws -> Bool? {
        guard let value = fields[name], value != .null else { return nil }
        guard let truth = value.bool else { throw ControlError(.badRequest, "\(name): expected true or false") }
        return truth
    }

    /// The strings in a field: a list of them, or one alone; none when it is not there.
    func strings(_ name: String) throws -> [String] {
        guard let value = fields[name], value != .null else { return [] }
        let items = value.array ?? [value]
        let texts = items.compactMap(\.string)
        guard texts.count == items.count else { throw ControlError(.badRequest, "\(name): expected a list of strings") }
        return texts
    }

    /// The whole number in a field, `nil` when it is not there.
    func integer(_ name: String) throws -> Int64? {
        guard let value = fields[name], value != .null else { return nil }
        guard let number = value.integer else { throw ControlError(.badRequest, "\(name): expected a whole number") }
        return number
    }
}
