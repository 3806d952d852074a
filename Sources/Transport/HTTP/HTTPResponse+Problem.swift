extension HTTPResponse {
    /// Creates an error's response, `application/problem+json` (RFC 9457).
    ///
    /// - Parameters:
    ///   - status: The status; its words become the title.
    ///   - detail: What happened and what to do, for a person.
    ///   - headers: More header fields.
    /// - Returns: The response.
    public static func problem(
        _ status: HTTPStatus, _ detail: String, headers: HTTPFields = HTTPFields()
    ) -> HTTPResponse {
        let text =
            "{\"title\":\(quoted(status.reason)),\"status\":\(status.rawValue),\"detail\":\(quoted(detail))}\n"
        var response = HTTPResponse(status, type: "application/problem+json", body: Array(text.utf8))
        for field in headers { response.headers.add(field.name, field.value) }
        return response
    }

    /// The text as a JSON string (RFC 8259 §7).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result += "\\\(scalar)"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
