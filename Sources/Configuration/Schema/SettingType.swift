import Messages

/// What a setting may hold.
///
/// Texts take every scalar as it is written, so `user: 12345` and `version: 1.10` need no quotes. Numbers and booleans
/// must be plain, as YAML has it: `"5"` is a text.
public indirect enum SettingType: Sendable, Hashable {
    /// Any text.
    case string
    /// A text that is never shown.
    case secret
    /// A whole number.
    case integer
    /// A number.
    case number
    /// `true` or `false`.
    case boolean
    /// A length of time: `250ms`, `15m`, `1h30m`, `30d`.
    case duration
    /// An amount of data: `64KB`, `25MiB`.
    case byteCount
    /// So many in a time: `10/s`, `600/m`, `1/30s`.
    case rate
    /// An address: `platform:user`.
    case address
    /// An address, a word that stands for addresses, or a template that makes one: ``TargetText``.
    case target
    /// A topic pattern: `news:**`.
    case topicPattern
    /// An absolute URL with a host.
    case url
    /// The path of a file or folder.
    case path
    /// A host and a port: `127.0.0.1:8025`, `[::1]:8025`.
    case socketAddress
    /// Where to listen: `127.0.0.1:8025`, `[::1]:8025`, `unix:/run/postroad.sock`.
    case listener
    /// A network or a single address: `10.0.0.0/8`, `fd00::/8`, `192.0.2.7`.
    case network
    /// One of these words.
    case choice([String])
    /// Anything; it stays a node.
    case any
    /// A list; a single value stands for a list of one.
    case list(of: SettingType)
    /// Names chosen by the operator, each with a value.
    case map(of: SettingType, keys: SettingKeyRule = .any)
    /// Settings of its own.
    case object(SettingsSchema)
    /// The first of these that fits the kind of the node (scalar, list or mapping) and takes it.
    case oneOf([SettingType])
}

/// Which keys the operator may choose in a map.
public enum SettingKeyRule: Sendable, Hashable {
    /// Any text.
    case any
    /// A name such as a mailbox has: `[a-z][a-z0-9_-]{0,31}`.
    case name

    /// Whether a key is allowed.
    public func allows(_ key: String) -> Bool {
        switch self {
        case .any: !key.isEmpty
        case .name: MailboxName.isValid(key)
        }
    }
}

extension SettingType {
    /// The type as a message or a reference page names it, with its article.
    public var expectation: String {
        switch self {
        case .string, .secret: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .duration: "a duration such as 15m or 1h30m"
        case .byteCount: "a size such as 64KB or 25MiB"
        case .rate: "a rate such as 10/s, 600/m or 1/30s"
        case .address: "an address such as work:C024BE91L"
        case .target: "an address such as work:C024BE91L"
        case .topicPattern: "a topic pattern such as news:**"
        case .url: "a URL such as https://example.org/feed"
        case .path: "a path"
        case .socketAddress: "a host and port such as 127.0.0.1:8025"
        case .listener: "an address and port such as 127.0.0.1:8025, or unix:/run/postroad.sock"
        case .network: "a network such as 10.0.0.0/8 or fd00::/8"
        case .choice(let words): alternatives(words)
        case .any: "any value"
        case .list: "a list"
        case .map, .object: "a mapping"
        case .oneOf(let types): alternatives(types.map(\.expectation).unique)
        }
    }

    /// The schema of the mapping that the type holds, if it holds one.
    var objectSchema: SettingsSchema? {
        switch self {
        case .object(let schema): schema
        case .oneOf(let types): types.lazy.compactMap(\.objectSchema).first
        default: nil
        }
    }

    /// Whether the type holds a scalar, so that `{file: path}` may stand for it.
    var isScalar: Bool {
        switch self {
        case .any, .list, .map, .object: false
        case .oneOf(let types): types.contains { $0.isScalar }
        default: true
        }
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it stood first.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
