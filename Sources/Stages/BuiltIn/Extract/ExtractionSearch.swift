import Conditions
import Configuration
import Messages

/// What `extract` looks for.
enum ExtractionSearch: Sendable {
    case regex(RegularExpression)
    case paths([(name: String, path: JSONPath)])

    /// Reads `regex` or `json`; what is wrong with them is reported.
    init?(_ settings: SettingsObject, _ node: YAMLNode, diagnostics: inout Diagnostics) {
        switch (settings.value("regex"), settings.value("json")) {
        case (let value?, nil): self.init(regex: value, diagnostics: &diagnostics)
        case (nil, let value?): self.init(paths: value, diagnostics: &diagnostics)
        default:
            diagnostics.error(
                "expected either regex or json in it", at: settings.position, keyPath: settings.keyPath)
            return nil
        }
    }

    private init?(regex value: SettingValue, diagnostics: inout Diagnostics) {
        let text = value.string ?? ""
        do {
            let expression = try RegularExpression(conditionText: text)
            guard expression.groupNames.isEmpty else {
                self = .regex(expression)
                return
            }
            diagnostics.error(
                "the expression has no named group such as (?<order>…), so nothing would be kept", at: value.position,
                keyPath: value.keyPath)
        } catch {
            diagnostics.error(
                "the regular expression is not sound: \(error.description)", at: value.position, keyPath: value.keyPath)
        }
        return nil
    }

    private init?(paths value: SettingValue, diagnostics: inout Diagnostics) {
        var paths: [(name: String, path: JSONPath)] = []
        for entry in value.map ?? [] {
            let text = entry.value.string ?? ""
            do {
                paths.append((entry.name, try JSONPath(parsing: text)))
            } catch {
                diagnostics.error(
                    "\(ShownText.quoted(text)) is no JSON path: \(error.message) (character \(error.offset + 1))",
                    at: entry.value.position, keyPath: entry.value.keyPath)
            }
        }
        guard paths.count == value.map?.count else { return nil }
        self = .paths(paths)
    }

    /// The facts that are found in a value, by their names.
    ///
    /// - Throws: ``StageError/condition(_:)`` when the regular expression is given up, ``StageError/failed(_:)`` when a
    ///   path leads to too many values.
    func facts(in value: JSON) throws(StageError) -> [(name: String, value: JSON)] {
        switch self {
        case .regex(let expression):
            let (outcome, groups) = expression.captures(in: value.string ?? value.description)
            guard outcome != .limitExceeded else { throw .condition("\(expression) takes too many steps on this text") }
            return groups.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }
        case .paths(let paths):
            guard let root = Self.document(value) else { return [] }
            var facts: [(name: String, value: JSON)] = []
            for (name, path) in paths {
                guard let values = path.values(in: root) else {
                    throw .failed("the path of \(name) leads to more than \(JSONPath.visitLimit) values")
                }
                if path.isSingular, let value = values.first { facts.append((name, value)) }
                if !path.isSingular, !values.isEmpty { facts.append((name, .array(values))) }
            }
            return facts
        }
    }

    /// The JSON in a text, or the value itself; `nil` when the text is none.
    private static func document(_ value: JSON) -> JSON? {
        guard let text = value.string else { return value }
        return try? JSON(parsing: Array(text.utf8))
    }
}

extension RegularExpression {
    /// Compiles a pattern that is written as in conditions: `/…/` with flags, or the bare pattern.
    convenience init(conditionText text: String) throws(RegularExpressionError) {
        guard text.first == "/", let last = text.lastIndex(of: "/"), last > text.startIndex,
            let options = Options(flags: text[text.index(after: last)...])
        else {
            try self.init(text)
            return
        }
        try self.init(String(text[text.index(after: text.startIndex)..<last]), options: options)
    }
}
