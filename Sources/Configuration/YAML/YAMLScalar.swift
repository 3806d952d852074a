/// A scalar: its text, and how it was written, which decides its type.
public struct YAMLScalar: Sendable, Hashable {
    /// How a scalar was written.
    public enum Style: Sendable, Hashable {
        /// Bare, so that `5` is a number.
        case plain
        /// In quotes, as a block, or tagged `!!str`: always a text.
        case quoted
    }

    /// What a scalar means by YAML 1.2's core schema (YAML 1.2.2 §10.3.2).
    public enum Value: Sendable, Hashable {
        /// Nothing: an empty value, `~`, `null`.
        case null
        /// `true` or `false`; `yes`, `no`, `on` and `off` are texts.
        case boolean(Bool)
        /// A whole number: `12`, `0o14`, `0xC`.
        case integer(Int)
        /// A number with a fraction or exponent, `.inf` or `.nan`; also a whole number too large for `Int`.
        case number(Double)
        /// Everything else.
        case string(String)
    }

    /// The text, with escapes resolved and variables filled in.
    public var text: String
    /// How it was written.
    public var style: Style
    /// What stood in the file before `${…}` or `{file: …}` was filled in; `nil` when nothing was.
    public internal(set) var source: String?
    /// Whether a variable of the text could not be filled in; that has been reported, and the text means nothing.
    public internal(set) var isUnresolved = false
    /// Where each `${` of the text stands in the file; empty when unknown.
    var markers: [SourcePosition] = []

    /// Makes a scalar.
    public init(_ text: String, style: Style = .plain) {
        self.text = text
        self.style = style
    }

    /// Compares text and style.
    public static func == (left: Self, right: Self) -> Bool { left.text == right.text && left.style == right.style }

    /// Hashes text and style.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(style)
    }

    /// The text as messages may show it: what stands in the file, never what was filled in.
    public var shownText: String { source ?? text }

    /// What the scalar means.
    public var value: Value {
        guard style == .plain else { return .string(text) }
        return CoreSchema.null(text) ?? CoreSchema.boolean(text) ?? CoreSchema.integer(text) ?? CoreSchema.number(text)
            ?? .string(text)
    }

    /// What the scalar is, for messages; a filled-in value is described by what stands in the file.
    func shortDescription(isHidden: Bool) -> String {
        if value == .null { return "nothing" }
        if isHidden { return "another value" }
        if let source { return "what \(quoted(source)) stands for" }
        switch value {
        case .null: return "nothing"
        case .boolean: return "the boolean \(text)"
        case .integer, .number: return "the number \(printable(text))"
        case .string: return "the text \(quoted(text))"
        }
    }
}

/// YAML 1.2.2 §10.3.2: which plain scalars are no texts.
private enum CoreSchema {
    static func null(_ text: String) -> YAMLScalar.Value? {
        ["", "~", "null", "Null", "NULL"].contains(text) ? .null : nil
    }

    static func boolean(_ text: String) -> YAMLScalar.Value? {
        switch text {
        case "true", "True", "TRUE": .boolean(true)
        case "false", "False", "FALSE": .boolean(false)
        default: nil
        }
    }

    /// `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`.
    static func integer(_ text: String) -> YAMLScalar.Value? {
        let (digits, radix) =
            if text.hasPrefix("0o") { (text.dropFirst(2), 8) } else if text.hasPrefix("0x") {
                (text.dropFirst(2), 16)
            } else {
                (text[...], 10)
            }
        guard radix == 10 || digits.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) == true
        else { return nil }
        return Int(digits, radix: radix).map { .integer($0) }
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, `[-+]?\.inf` or `\.nan`.
    static func number(_ text: String) -> YAMLScalar.Value? {
        switch text {
        case ".nan", ".NaN", ".NAN": return .number(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
        default: break
        }
        var rest = Substring(text).utf8
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        let isSign = { (byte: UInt8) in byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
        if let first = rest.first, isSign(first) { rest.removeFirst() }
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole + fraction > 0 else { return nil }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if let first = rest.first, isSign(first) { rest.removeFirst() }
            guard !rest.isEmpty, rest.allSatisfy(isDigit) else { return nil }
            rest = rest.dropFirst(rest.count)
        }
        // `5.` is a number by the schema, but not to Swift; the zero changes nothing.
        guard rest.isEmpty, let number = Double(text) ?? Double(text + "0") else { return nil }
        return .number(number)
    }
}
