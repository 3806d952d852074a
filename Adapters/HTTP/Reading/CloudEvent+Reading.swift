import Crypto
import Messages

extension CloudEvent {
    /// Reads an event in structured mode, or one of a batch (HTTP binding §3.2, JSON format §3).
    ///
    /// - Throws: ``Problem`` with status 400.
    init(structured json: JSON, prefix: String = "") throws(Problem) {
        guard let object = json.object else {
            throw Problem(
                400, pointer: "#\(prefix)", "expected a CloudEvent: an object with specversion, id, source, type")
        }
        var attributes = JSONObject()
        for member in object.members where member.value != .null && !["data", "data_base64"].contains(member.name) {
            attributes[member.name] = member.value
        }
        let payload = try Self.payload(object, MediaType(attributes["datacontenttype"]?.string), prefix: prefix)
        try self.init(attributes: attributes, payload: payload, prefix: prefix)
    }

    /// Reads an event in binary mode: attributes in `ce-…`, the data as the body (HTTP binding §3.1).
    ///
    /// - Throws: ``Problem`` with status 400.
    init(
        headers: some Sequence<(name: String, value: String)>, contentType: String?, body: [UInt8]
    ) throws(Problem) {
        var attributes = JSONObject()
        for (name, value) in headers {
            guard name.utf8.count > 3, name.prefix(3).lowercased() == "ce-" else { continue }
            attributes[name.dropFirst(3).lowercased()] = .string(try Self.decoded(value, of: name))
        }
        if let contentType { attributes["datacontenttype"] = .string(contentType) }
        try self.init(
            attributes: attributes, payload: Self.payload(body, MediaType(contentType)), prefix: "")
    }

    private static func payload(_ object: JSONObject, _ type: MediaType?, prefix: String) throws(Problem) -> Payload {
        let data = object["data"]
        guard let coded = object["data_base64"], coded != .null else {
            guard let data else { return Payload(.null) }
            if let text = data.string, let type, type.isText {
                return Payload(text: text, mediaType: type.essence)
            }
            return Payload(data)
        }
        guard data == nil else {
            throw Problem(400, pointer: "#\(prefix)/data_base64", "give data or data_base64, not both")
        }
        guard let text = coded.string, let bytes = try? Base64.standard.decode(text) else {
            throw Problem(400, pointer: "#\(prefix)/data_base64", "expected a string in Base64")
        }
        return try payload(bytes, type)
    }

    private static func payload(_ bytes: [UInt8], _ type: MediaType?) throws(Problem) -> Payload {
        guard !bytes.isEmpty else { return Payload(.null) }
        // Without a type the data is JSON (JSON format §3.1).
        guard let type, !type.isJSON else { return Payload(try JSON(body: bytes)) }
        guard type.isText, type.isUTF8, let text = String(validating: bytes, as: UTF8.self) else {
            return Payload(bytes: bytes, mediaType: type.essence)
        }
        return Payload(text: text, mediaType: type.essence)
    }

    /// Undoes a quoted string, then one round of percent-encoding (HTTP binding §3.1.3.2).
    private static func decoded(_ value: String, of name: String) throws(Problem) -> String {
        var bytes = Array(value.utf8)
        if bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") {
            var isEscaped = false
            bytes = bytes.dropFirst().dropLast().filter { byte in
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                return !isEscaped
            }
        }
        guard let text = String(validating: PercentCoding.decode(bytes), as: UTF8.self) else {
            throw Problem(400, "the header \(name) is not UTF-8")
        }
        return text
    }
}
