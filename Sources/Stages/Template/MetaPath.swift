import Messages

/// The way into the facts of a message: `meta.a.b` is the member `a.b`, if there is one, else the member `b` of the object `a`.
enum MetaPath {
    /// The most steps of a path.
    static let maximumDepth = 8

    /// The steps of `a.b`; `nil` when one is empty or there are too many.
    static func parse(_ text: some StringProtocol) -> [String]? {
        let steps = String(text).split(separator: "." as Character, omittingEmptySubsequences: false).map(String.init)
        return steps.contains("") || steps.count > maximumDepth ? nil : steps
    }

    /// The value at the end of the path.
    static func value(_ path: [String], in meta: JSONObject) -> JSON? {
        value(path[...], in: meta)
    }

    private static func value(_ path: ArraySlice<String>, in object: JSONObject) -> JSON? {
        if let value = object[path.joined(separator: ".")] { return value }
        guard path.count > 1, let first = path.first, let inner = object[first]?.object else { return nil }
        return value(path.dropFirst(), in: inner)
    }

    /// Puts a value at the end of the path, making objects on the way; `nil` removes it.
    static func set(_ value: JSON?, at path: ArraySlice<String>, in object: inout JSONObject) {
        guard let first = path.first else { return }
        let whole = path.joined(separator: ".")
        guard path.count > 1, object[whole] == nil else {
            object[whole] = value
            return
        }
        guard value != nil || object[first]?.object != nil else { return }
        var inner = object[first]?.object ?? JSONObject()
        set(value, at: path.dropFirst(), in: &inner)
        object[first] = .object(inner)
    }
}
