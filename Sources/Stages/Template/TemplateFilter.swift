import Messages

/// What a value goes through before it is inserted.
enum TemplateFilter: Sendable, Hashable {
    case truncate(Int)
    case fallback(String)
    case upper
    case lower
    case trim
    case date(TimeFormat)

    /// The filters as they are written, and what they do, in the order of the reference page.
    static let declared: [(name: String, example: String, prose: String)] = [
        ("truncate", "truncate:80", "cuts to so many characters, the last of them `…`"),
        ("default", "default:\"none\"", "stands in when there is no value, or an empty one"),
        ("upper", "upper", "makes capitals"),
        ("lower", "lower", "makes small letters"),
        ("trim", "trim", "removes white space at both ends"),
        (
            "date", "date:\"%Y-%m-%d %H:%M\"",
            "writes a time in UTC; \(TimeFormat.directives) are known; a text that is no RFC 3339 time stays as it is"
        ),
    ]

    /// Changes a value.
    func apply(to value: TemplateValue) -> TemplateValue {
        switch self {
        case .fallback(let text): return value.text.isEmpty ? .text(text) : value
        case .date(let format): return date(value, format)
        default: break
        }
        guard value != .nothing else { return .nothing }
        let text = value.text
        switch self {
        case .truncate(let length): return .text(TextCut(length: length).cut(text, as: .plain) ?? text)
        case .upper: return .text(text.uppercased())
        case .lower: return .text(text.lowercased())
        case .trim: return .text(text.trimmed)
        case .fallback, .date: return value
        }
    }

    private func date(_ value: TemplateValue, _ format: TimeFormat) -> TemplateValue {
        switch value {
        case .nothing: return .nothing
        case .time(let time): return .text(format.format(time))
        case .text(let text):
            guard let time = try? Timestamp(parsing: text) else { return value }
            return .text(format.format(time))
        }
    }
}

extension String {
    /// The text without white space at both ends.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
