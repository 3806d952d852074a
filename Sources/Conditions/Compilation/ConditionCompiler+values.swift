import Configuration
import Messages

extension ConditionCompiler {
    /// Compiles what a field must be: a scalar, a list of which one must hold, or operators which all must.
    mutating func predicate(_ field: Field, _ node: YAMLNode, _ path: NodePath) -> Predicate? {
        if field.isTime { return time(node, path) }
        switch node.content {
        case .scalar(let scalar): return predicate(field, scalar, node, path)
        case .sequence(let items):
            if items.isEmpty { report(.empty("this list"), at: node, path) }
            return .any(items.enumerated().compactMap { predicate(field, $1, path.appending($0)) })
        case .mapping(let mapping):
            if mapping.entries.isEmpty { report(.empty("this mapping"), at: node, path) }
            let predicates = mapping.entries.compactMap { operation(field, $0, path.appending($0.key)) }
            return predicates.count == 1 ? predicates[0] : .all(predicates)
        }
    }

    // MARK: Scalars

    private mutating func predicate(
        _ field: Field, _ scalar: YAMLScalar, _ node: YAMLNode, _ path: NodePath
    ) -> Predicate? {
        guard !scalar.isUnresolved else {
            isUnresolved = true
            return nil
        }
        guard !node.isNull else {
            report(.nothing(field: field.name), at: node, path)
            return nil
        }
        let text = scalar.text
        if let (pattern, flags) = Self.slashed(text) { return regex(pattern, flags, node, path) }
        if let comparison = Comparison.allCases.first(where: { text.hasPrefix($0.rawValue) }) {
            let rest = text.dropFirst(comparison.rawValue.count).drop { $0 == " " }
            return self.comparison(comparison, String(rest), comparison.rawValue, field, node, path)
        }
        if Glob.hasHoles(text) { return glob(field, text, node, path) }
        return literal(field, scalar, node, path)
    }

    /// The pattern and flags of `/…/flags`; `nil` for other texts, such as a path.
    static func slashed(_ text: String) -> (pattern: String, flags: String)? {
        guard text.first == "/", let last = text.lastIndex(of: "/"), last > text.startIndex else { return nil }
        let flags = text[text.index(after: last)...]
        guard flags.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        return (String(text[text.index(after: text.startIndex)..<last]), String(flags))
    }

    mutating func regex(_ pattern: String, _ flags: String, _ node: YAMLNode, _ path: NodePath) -> Predicate? {
        guard let options = RegularExpression.Options(flags: flags) else {
            report(.badFlags(flags), at: node, path)
            return nil
        }
        do {
            return .regex(try RegularExpression(pattern, options: options))
        } catch {
            var position = node.position
            // In a plain scalar the characters stand as they are; in quotes there may be escapes before the place.
            if node.scalar?.style == .plain, node.scalar?.source == nil, !position.isEnvironment {
                position.column += error.offset + (node.scalar?.text.first == "/" ? 1 : 0)
            }
            diagnostics.error(
                ConditionFault.badPattern(reason: error.description).message, at: position, keyPath: path)
            return nil
        }
    }

    mutating func comparison(
        _ comparison: Comparison, _ text: String, _ name: String, _ field: Field, _ node: YAMLNode, _ path: NodePath
    ) -> Predicate? {
        if field == .priority {
            if let priority = Priority(rawValue: text) { return .ranks(comparison, priority) }
            reportWord(field, text, node, path)
            return nil
        }
        guard field.words == nil else {
            report(.noOrder(field: field.name), at: node, path)
            return nil
        }
        guard let number = Self.number(YAMLScalar(text)) else {
            report(.notANumber(operator: name, got: node.shortDescription), at: node, path)
            return nil
        }
        return .compares(comparison, number)
    }

    mutating func glob(_ field: Field, _ text: String, _ node: YAMLNode, _ path: NodePath) -> Predicate? {
        if field == .topic {
            do {
                return .topic(try TopicPattern(parsing: text))
            } catch {
                report(.notATopic(reason: error.reason), at: node, path)
                return nil
            }
        }
        do {
            return .glob(try Glob(field == .partMediaType ? text.lowercased() : text))
        } catch {
            report(.badGlob(reason: error.reason), at: node, path)
            return nil
        }
    }

    /// A text, number or boolean that a value must equal.
    mutating func literal(_ field: Field, _ scalar: YAMLScalar, _ node: YAMLNode, _ path: NodePath) -> Predicate? {
        let text = field == .partMediaType ? scalar.text.lowercased() : scalar.text
        if let words = field.words, !words.contains(text) {
            reportWord(field, text, node, path)
            return nil
        }
        do {
            if field.isAddress { _ = try Address(parsing: text) }
        } catch {
            report(.notAnAddress(reason: error.reason), at: node, path)
            return nil
        }
        do {
            if field == .topic { _ = try Topic(parsing: text) }
        } catch {
            report(.notATopic(reason: error.reason), at: node, path)
            return nil
        }
        if field == .language { return .language(text.lowercased()) }
        return .equals(text, number: Self.number(scalar))
    }

    private mutating func reportWord(_ field: Field, _ text: String, _ node: YAMLNode, _ path: NodePath) {
        let words = field.words ?? []
        let isHidden = node.scalar?.source != nil || node.position.isEnvironment
        let suggestion = isHidden ? nil : nearest(to: text, among: words)
        report(
            .notAWord(field: field.name, words: words, got: node.shortDescription), at: node, path,
            suggestion: suggestion)
    }

    static func number(_ scalar: YAMLScalar) -> Double? {
        switch scalar.value {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
}
