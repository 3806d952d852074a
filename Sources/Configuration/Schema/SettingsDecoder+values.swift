import Messages

extension SettingsDecoder {
    /// Decodes a value; `nil` after a fault.
    mutating func value(
        _ type: SettingType, _ node: YAMLNode, _ path: NodePath, range: SettingRange? = nil
    ) -> SettingValue? {
        if node.scalar?.isUnresolved == true {
            unresolvedCount += 1
            return nil
        }
        guard let content = content(type, node, path) else { return nil }
        if let range {
            let bounds = SettingBounds(range, type)
            guard bounds.contains(content) else {
                let got = bounds.unit.isEmpty ? node.shortDescription : SettingBounds.size(content).map { "\(Int($0))" }
                report(.outOfRange(range, got: got ?? "", unit: bounds.unit), at: node, path)
                return nil
            }
        }
        return SettingValue(content, at: node.position, keyPath: path)
    }

    private mutating func content(_ type: SettingType, _ node: YAMLNode, _ path: NodePath) -> SettingValue.Content? {
        switch type {
        case .any: .node(node)
        case .list(let element): list(element, node, path)
        case .map(let element, let keys): map(element, keys, node, path)
        case .object(let schema): .object(object(schema, node, path))
        case .oneOf(let types): oneOf(types, node, path)
        default: scalar(type, node, path)
        }
    }

    // MARK: Collections

    private mutating func list(_ element: SettingType, _ node: YAMLNode, _ path: NodePath) -> SettingValue.Content? {
        if let lines = node.fileLines, element.isScalar, element != .secret { return list(element, lines, node, path) }
        guard let items = node.sequence else {
            guard element.fits(node) else {
                report(
                    .wrongType(expected: SettingType.list(of: element).expectation, got: node.shortDescription),
                    at: node, path)
                return nil
            }
            return value(element, node, path).map { .list([$0]) }
        }
        return .list(items.enumerated().compactMap { index, item in value(element, item, path.appending(index)) })
    }

    /// A list of the lines of a file.
    private mutating func list(
        _ element: SettingType, _ lines: Result<[YAMLNode], FileFault>, _ node: YAMLNode, _ path: NodePath
    ) -> SettingValue.Content? {
        switch lines {
        case .success(let items):
            return .list(items.enumerated().compactMap { index, item in value(element, item, path.appending(index)) })
        case .failure(let fault):
            report(.badFillIn(fault.reason), at: node, path)
            return nil
        }
    }

    private mutating func map(
        _ element: SettingType, _ keys: SettingKeyRule, _ node: YAMLNode, _ path: NodePath
    ) -> SettingValue.Content? {
        guard let mapping = node.mapping else {
            report(.wrongType(expected: "a mapping", got: node.shortDescription), at: node, path)
            return nil
        }
        return .map(
            mapping.entries.compactMap { entry in
                let path = path.appending(entry.key)
                if !keys.allows(entry.key) {
                    diagnostics.error(SettingFault.badKey(entry.key).message, at: entry.keyPosition, keyPath: path)
                }
                return value(element, entry.value, path).map { NamedSetting(name: entry.key, value: $0) }
            })
    }

    private mutating func oneOf(_ types: [SettingType], _ node: YAMLNode, _ path: NodePath) -> SettingValue.Content? {
        let fitting = types.filter { $0.fits(node) }
        if fitting.count == 1 { return content(fitting[0], node, path) }
        for type in fitting {
            var attempt = SettingsDecoder()
            let content = attempt.content(type, node, path)
            if !attempt.diagnostics.hasErrors { return content }
        }
        // Of several mappings the last one's faults say more than that none fits.
        if node.mapping != nil, let last = fitting.last { return content(last, node, path) }
        let expected = SettingType.oneOf(types).expectation
        report(.wrongType(expected: expected, got: node.shortDescription), at: node, path)
        return nil
    }

    // MARK: Scalars

    private mutating func scalar(_ type: SettingType, _ node: YAMLNode, _ path: NodePath) -> SettingValue.Content? {
        guard let (scalar, node) = scalarNode(type, node, path) else { return nil }
        switch type {
        case .secret: return .secret(Secret(scalar.text))
        case .string: return .string(scalar.text)
        case .integer:
            if case .integer(let integer) = scalar.value { return .integer(integer) }
        case .number:
            if case .integer(let integer) = scalar.value { return .number(Double(integer)) }
            if case .number(let number) = scalar.value, number.isFinite { return .number(number) }
        case .boolean:
            if case .boolean(let boolean) = scalar.value { return .boolean(boolean) }
        case .duration:
            if let duration = Duration(parsing: scalar.text) { return .duration(duration) }
        case .byteCount:
            if let count = ByteCount(parsing: scalar.text) { return .byteCount(count) }
        case .rate:
            if Rate(parsing: scalar.text) != nil { return .string(scalar.text) }
        case .choice(let words):
            if words.contains(scalar.text) { return .string(scalar.text) }
            let suggestion = scalar.source == nil ? nearest(to: scalar.text, among: words) : nil
            report(.notAChoice(words, got: node.shortDescription), at: node, path, suggestion: suggestion)
            return nil
        default:
            return form(type, scalar, node, path)
        }
        report(.wrongScalar(type, got: node.shortDescription, scalar), at: node, path)
        return nil
    }

    /// The scalar itself, or the one that `{file: path}` stands for.
    private mutating func scalarNode(_ type: SettingType, _ node: YAMLNode, _ path: NodePath) -> (YAMLScalar, YAMLNode)?
    {
        if let fillIn = node.mapping?.fileFillIn {
            switch fillIn.scalar(source: "{file: \(node["file"]?.scalar?.shownText ?? "")}") {
            case .success(let scalar): return (scalar, YAMLNode(.scalar(scalar), at: node.position))
            case .failure(let fault):
                report(.badFillIn(fault.reason), at: node, path)
                return nil
            }
        }
        // A variable may well hold the text "null"; only what is written as a null is nothing.
        if let scalar = node.scalar, !node.isNull || (scalar.source != nil && !scalar.text.isEmpty) {
            return (scalar, node)
        }
        report(.wrongType(expected: type.expectation, got: node.shortDescription), at: node, path)
        return nil
    }

    private mutating func form(
        _ type: SettingType, _ scalar: YAMLScalar, _ node: YAMLNode, _ path: NodePath
    ) -> SettingValue.Content? {
        do {
            return try Self.content(type, ofForm: scalar.text)
        } catch {
            // What looks like a password in a URL is not repeated.
            let got = type == .url && scalar.text.contains("@") ? "another text" : node.shortDescription
            report(.badForm(expected: type.expectation, got: got, reason: error.reason), at: node, path)
            return nil
        }
    }

    private static func content(_ type: SettingType, ofForm text: String) throws(FormError) -> SettingValue.Content {
        let reason: String?
        do {
            switch type {
            case .address: return .address(try Address(parsing: text))
            case .target:
                if TargetText.isPlaceholder(text) { return .string(text) }
                return .address(try Address(parsing: text))
            case .topicPattern: return .topicPattern(try TopicPattern(parsing: text))
            case .url: reason = SettingText.urlFault(text)
            case .path: reason = SettingText.pathFault(text)
            case .socketAddress: reason = SettingText.socketAddressFault(text)
            case .listener: reason = SettingText.listenerFault(text)
            case .network: reason = SettingText.networkFault(text)
            default: reason = nil
            }
        } catch {
            throw FormError(reason: error.reason)
        }
        if let reason { throw FormError(reason: reason) }
        return .string(text)
    }
}

/// Why a text has not the form it needs.
private struct FormError: Error {
    var reason: String
}

extension SettingType {
    /// Whether the kind of the node (scalar, list or mapping) is one the type takes.
    func fits(_ node: YAMLNode) -> Bool {
        switch self {
        case .any: true
        case .list: node.sequence != nil
        case .map, .object: node.mapping != nil && (node.mapping?.fileFillIn == nil || !isScalar)
        case .oneOf(let types): types.contains { $0.fits(node) }
        default: node.scalar != nil || node.mapping?.fileFillIn != nil
        }
    }
}
