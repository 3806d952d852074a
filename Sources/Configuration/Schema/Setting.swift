/// One key of the configuration, declared once: parsing, defaults, `check` and the reference pages come from it.
public struct Setting: Sendable, Hashable {
    /// The key.
    public var name: String
    /// What it holds.
    public var type: SettingType
    /// The value when the key is missing, as it would stand in the file: `15m`, `[a, b]`, `{}`.
    public var defaultText: String?
    /// Whether the key must be given.
    public var isRequired: Bool
    /// The bounds of a number, duration or size, or of how many letters, items or keys there may be.
    public var range: SettingRange?
    /// What the key is for: a sentence or two of Markdown.
    public var prose: String
    /// A value as it would stand in the file.
    public var example: String?

    /// Declares a key.
    ///
    /// - Parameters:
    ///   - name: the key.
    ///   - type: what it holds.
    ///   - defaultText: the value when the key is missing, as it would stand in the file. An object that is missing
    ///     stays missing unless its default is `{}`.
    ///   - isRequired: whether the key must be given.
    ///   - range: bounds.
    ///   - prose: what the key is for.
    ///   - example: a value as it would stand in the file.
    public init(
        _ name: String, _ type: SettingType, default defaultText: String? = nil, isRequired: Bool = false,
        range: SettingRange? = nil, _ prose: String, example: String? = nil
    ) {
        self.name = name
        self.type = type
        self.defaultText = defaultText
        self.isRequired = isRequired
        self.range = range
        self.prose = prose
        self.example = example
    }
}

/// Bounds, both inclusive, written as the values they bound: `SettingRange("1m", "30d")`.
public struct SettingRange: Sendable, Hashable {
    /// The least value.
    public var minimum: String?
    /// The greatest value.
    public var maximum: String?

    /// Makes bounds; `nil` means there is none on that side.
    public init(_ minimum: String?, _ maximum: String?) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Makes the bounds of a number.
    public init(_ range: ClosedRange<Int>) {
        self.init("\(range.lowerBound)", "\(range.upperBound)")
    }

    /// Makes a lower bound.
    public init(_ range: PartialRangeFrom<Int>) {
        self.init("\(range.lowerBound)", nil)
    }
}

extension SettingRange: CustomStringConvertible {
    /// The bounds in words: `1m to 30d`, `at least 1`, `at most 65535`.
    public var description: String {
        switch (minimum, maximum) {
        case (let minimum?, let maximum?): "\(minimum) to \(maximum)"
        case (let minimum?, nil): "at least \(minimum)"
        case (nil, let maximum?): "at most \(maximum)"
        case (nil, nil): "any"
        }
    }
}
