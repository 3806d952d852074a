public import Messages

/// A value of the configuration, checked, with the place it came from.
///
/// Two values are equal when they say the same, wherever they stand.
public struct SettingValue: Sendable {
    /// What a value can be.
    ///
    /// URLs, paths, socket addresses and choices are texts that were checked.
    public indirect enum Content: Sendable, Hashable {
        /// A text.
        case string(String)
        /// A text that is never shown.
        case secret(Secret)
        /// A whole number.
        case integer(Int)
        /// A number.
        case number(Double)
        /// True or false.
        case boolean(Bool)
        /// A length of time.
        case duration(Duration)
        /// An amount of data.
        case byteCount(ByteCount)
        /// An address.
        case address(Address)
        /// A topic pattern.
        case topicPattern(TopicPattern)
        /// Whatever stands in the file.
        case node(YAMLNode)
        /// A list.
        case list([SettingValue])
        /// Names with values, in the order of the file.
        case map([NamedSetting])
        /// Settings of its own.
        case object(SettingsObject)
    }

    /// What the value is.
    public var content: Content
    /// Where it stands; ``SourcePosition/builtIn`` for a default.
    public var position: SourcePosition
    /// The way to it.
    public var keyPath: NodePath

    /// Makes a value.
    public init(_ content: Content, at position: SourcePosition, keyPath: NodePath) {
        self.content = content
        self.position = position
        self.keyPath = keyPath
    }
}

extension SettingValue: Hashable {
    /// Compares what the values say.
    public static func == (left: Self, right: Self) -> Bool { left.content == right.content }

    /// Hashes what the value says.
    public func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

/// An entry of a map of settings.
public struct NamedSetting: Sendable, Hashable {
    /// The name the operator chose.
    public var name: String
    /// The value.
    public var value: SettingValue

    /// Makes an entry.
    public init(name: String, value: SettingValue) {
        self.name = name
        self.value = value
    }
}

extension SettingValue {
    /// The text, if it is one; an address or a topic pattern as it is written.
    public var string: String? {
        switch content {
        case .string(let text): text
        case .address(let address): address.description
        case .topicPattern(let pattern): pattern.description
        default: nil
        }
    }

    /// The address, if it is one.
    public var address: Address? { if case .address(let address) = content { address } else { nil } }

    /// The topic pattern, if it is one.
    public var topicPattern: TopicPattern? { if case .topicPattern(let pattern) = content { pattern } else { nil } }

    /// The secret, if it is one.
    public var secret: Secret? { if case .secret(let secret) = content { secret } else { nil } }

    /// The whole number, if it is one.
    public var integer: Int? { if case .integer(let integer) = content { integer } else { nil } }

    /// The number, if it is one; a whole number is one too.
    public var number: Double? {
        switch content {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        default: nil
        }
    }

    /// The boolean, if it is one.
    public var boolean: Bool? { if case .boolean(let boolean) = content { boolean } else { nil } }

    /// The duration, if it is one.
    public var duration: Duration? { if case .duration(let duration) = content { duration } else { nil } }

    /// The size, if it is one.
    public var byteCount: ByteCount? { if case .byteCount(let count) = content { count } else { nil } }

    /// The node, if the setting may be anything.
    public var node: YAMLNode? { if case .node(let node) = content { node } else { nil } }

    /// The items, if it is a list.
    public var list: [SettingValue]? { if case .list(let items) = content { items } else { nil } }

    /// The entries in the order of the file, if it is a map.
    public var map: [NamedSetting]? { if case .map(let entries) = content { entries } else { nil } }

    /// The settings, if it is an object.
    public var object: SettingsObject? { if case .object(let object) = content { object } else { nil } }
}
