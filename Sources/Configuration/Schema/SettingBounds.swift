/// The bounds of a setting, read as its type.
struct SettingBounds {
    private let range: SettingRange
    private let type: SettingType

    init(_ range: SettingRange, _ type: SettingType) {
        self.range = range
        self.type = type
    }

    /// Whether both bounds can be read, and are in order.
    var areSound: Bool {
        let minimum = range.minimum.map(measure)
        let maximum = range.maximum.map(measure)
        if let minimum, minimum == nil { return false }
        if let maximum, maximum == nil { return false }
        guard case let minimum?? = minimum, case let maximum?? = maximum else { return true }
        return minimum <= maximum
    }

    /// Whether a value lies within.
    func contains(_ content: SettingValue.Content) -> Bool {
        guard let size = Self.size(content) else { return true }
        if let minimum = range.minimum.flatMap(measure), size < minimum { return false }
        if let maximum = range.maximum.flatMap(measure), size > maximum { return false }
        return true
    }

    /// What is bounded, for a message: nothing for a number, ` characters` for a text.
    var unit: String {
        switch type {
        case .integer, .number, .duration, .byteCount: ""
        case .list: " items"
        case .map: " keys"
        default: " characters"
        }
    }

    /// A value's size in the terms of its bounds.
    static func size(_ content: SettingValue.Content) -> Double? {
        switch content {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .duration(let duration): duration / .milliseconds(1)
        case .byteCount(let count): Double(count.bytes)
        case .string(let text): Double(text.count)
        case .secret(let secret): Double(secret.reveal().count)
        case .list(let items): Double(items.count)
        case .map(let entries): Double(entries.count)
        case .boolean, .node, .object, .address, .topicPattern: nil
        }
    }

    private func measure(_ bound: String) -> Double? {
        switch type {
        case .duration: Duration(parsing: bound).map { $0 / .milliseconds(1) }
        case .byteCount: ByteCount(parsing: bound).map { Double($0.bytes) }
        default: Double(bound)
        }
    }
}
