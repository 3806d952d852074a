/// What can be wrong with a setting.
enum SettingFault {
    case unknownKey(String)
    case missing(String, expected: String)
    case wrongType(expected: String, got: String)
    case badForm(expected: String, got: String, reason: String?)
    case outOfRange(SettingRange, got: String, unit: String)
    case notAChoice([String], got: String)
    case badKey(String)
    case wrongScalar(SettingType, got: String, YAMLScalar)
    case badDefault(reason: String)
    case badFillIn(String)
}

extension SettingFault {
    /// What is wrong, and what would be right.
    var message: String {
        switch self {
        case .unknownKey(let key): "no key named \(quoted(key)) is known here"
        case .missing(let name, let expected): "the key \(quoted(name)) is missing; it takes \(expected)"
        case .wrongType(let expected, let got): "expected \(expected), got \(got)"
        case .badForm(let expected, let got, let reason):
            "expected \(expected), got \(got)" + (reason.map { ": \($0)" } ?? "")
        case .outOfRange(let range, let got, let unit): "expected \(range)\(unit), got \(got)"
        case .notAChoice(let words, let got): "expected \(alternatives(words)), got \(got)"
        case .badKey(let key):
            "\(quoted(key)) is no name; "
                + "names are a letter from a to z, then letters, digits, _ and -, at most 32 in all"
        case .wrongScalar(let type, let got, let scalar):
            "expected \(type.expectation), got \(got)" + (Self.hint(type, scalar).map { "; \($0)" } ?? "")
        case .badDefault(let reason): "the default of this key is wrong: \(reason)"
        case .badFillIn(let reason): reason
        }
    }

    /// What to do about a scalar that is nearly right.
    private static func hint(_ type: SettingType, _ scalar: YAMLScalar) -> String? {
        let plain = YAMLScalar(scalar.text).value
        switch (type, plain) {
        case (.integer, .integer), (.number, .integer), (.number, .number), (.boolean, .boolean):
            return scalar.style == .quoted ? "remove the quotes" : nil
        case (.duration, .integer): return "add a unit: ms, s, m, h, d or w"
        case (.boolean, .string(let text)):
            switch text.lowercased() {
            case "yes", "on": return "write true"
            case "no", "off": return "write false"
            default: return nil
            }
        default: return nil
        }
    }
}
