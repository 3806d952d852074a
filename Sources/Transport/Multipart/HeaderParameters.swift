/// Takes a value with parameters apart: `form-data; name="a"; filename="b.png"` (RFC 9110 §5.6.6).
enum HeaderParameters {
    /// The value in front and the parameters, their names in lower case.
    ///
    /// - Throws: `MultipartError.malformed`, also for a parameter that is there twice.
    static func read(_ text: String) throws(MultipartError) -> (value: Substring, parameters: [String: String]) {
        var rest = text[...]
        let value = rest.prefix { $0 != ";" }
        rest = rest.dropFirst(value.count)
        var parameters: [String: String] = [:]
        while rest.popFirst() == ";" {
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard !rest.isEmpty else { break }
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.popFirst() == "=" else { throw .malformed("a parameter has no value") }
            let content = rest.first == "\"" ? try quoted(&rest) : token(&rest)
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard name.isHTTPToken, rest.isEmpty || rest.first == ";" else {
                throw .malformed("a parameter is malformed")
            }
            guard parameters.updateValue(content, forKey: name.lowercased()) == nil else {
                throw .malformed("the parameter \(name.prefix(40)) is there twice")
            }
        }
        return (value.trimmingHTTPSpace(), parameters)
    }

    private static func token(_ rest: inout Substring) -> String {
        let token = rest.prefix { $0 != ";" }
        rest = rest.dropFirst(token.count)
        return String(token.trimmingHTTPSpace())
    }

    /// A quoted string; a backslash escapes a quote or a backslash only, as it stands in names of files too.
    private static func quoted(_ rest: inout Substring) throws(MultipartError) -> String {
        var result = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            if character == "\"" { return result }
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                result.append(next)
                rest.removeFirst()
            } else {
                result.append(character)
            }
        }
        throw .malformed("a quote is not closed")
    }
}
