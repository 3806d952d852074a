extension YAMLNode {
    /// The node as YAML text in which no secret can be read: what `postroad config show` prints.
    ///
    /// Of settings declared as secrets `***` is shown. A text that `${…}` or `{file: …}` was filled into is shown as it
    /// stands in the file, for a URL may hold a password. What the schema does not declare is `***` too.
    ///
    /// - Parameters:
    ///   - schema: what the keys hold; the caller puts the settings of each adapter into it.
    ///   - path: where in the schema the node stands; the top by default.
    ///   - showsOrigins: whether a comment after each value tells where it stands.
    /// - Returns: the text, with a line break at its end.
    public func yaml(
        maskingSecretsBy schema: SettingsSchema, at path: NodePath = NodePath(), showsOrigins: Bool = false
    ) -> String {
        let writer = YAMLWriter { scalar, position, path in
            let text = Self.shown(scalar, position, schema.type(at: path))
            return (text, showsOrigins ? position.description : nil)
        }
        return writer.block(self, at: path)
    }

    private static func shown(_ scalar: YAMLScalar, _ position: SourcePosition, _ type: SettingType?) -> String {
        switch type?.disclosure ?? .none {
        case .none: return Secret.mask
        case .asWritten where position.isEnvironment && type?.isOpen != false: return Secret.mask
        case .asWritten where scalar.source != nil:
            return YAMLWriter.text(YAMLScalar(scalar.shownText, style: scalar.style))
        case .asWritten where type?.isOpen == true:
            return YAMLWriter.text(YAMLScalar(withoutPassword(scalar.text), style: scalar.style))
        case .asWritten, .full: return YAMLWriter.text(scalar)
        }
    }

    /// A URL with `***` for its password; any other text as it is.
    private static func withoutPassword(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return text
        }
        return text[...colon] + Secret.mask + text[at...]
    }
}

extension SettingType {
    /// How much of a value may be shown.
    enum Disclosure {
        /// Nothing.
        case none
        /// What stands in the file, but not what was filled in.
        case asWritten
        /// All: a number or a word of a list is no secret.
        case full
    }

    var disclosure: Disclosure {
        switch self {
        case .secret: .none
        case .integer, .number, .boolean, .duration, .byteCount, .choice: .full
        case .oneOf(let types): types.contains { $0.disclosure == .none } ? .none : .asWritten
        default: .asWritten
        }
    }

    /// Whether it is unknown what the value is, so that it may be a secret or hold one.
    var isOpen: Bool {
        switch self {
        case .any, .url: true
        case .oneOf(let types): types.contains { $0.isOpen }
        default: false
        }
    }

    /// The type of what stands further down; `nil` where nothing is declared.
    func type(at steps: ArraySlice<NodePath.Step>) -> SettingType? {
        guard let step = steps.first else { return self }
        switch (self, step) {
        case (.any, _): return .any
        case (.list(let element), .index), (.map(let element, _), .key): return element.type(at: steps.dropFirst())
        case (.object(let schema), .key(let key)): return schema[key]?.type.type(at: steps.dropFirst())
        case (.oneOf(let types), _):
            let found = types.compactMap { $0.type(at: steps) }
            return found.count > 1 ? .oneOf(found) : found.first
        // A single value stands for a list of one.
        case (.list(let element), .key): return element.type(at: steps)
        default:
            // What stands for the path in `{file: path}` is no secret.
            return step == .key("file") && steps.count == 1 && isScalar ? .path : nil
        }
    }
}

extension SettingsSchema {
    /// What the value at a path holds; `nil` where nothing is declared.
    public func type(at path: NodePath) -> SettingType? { SettingType.object(self).type(at: path.steps[...]) }
}
