/// Many values of which a field must be one: looked up, not gone through.
struct WordList: Sendable, Hashable {
    /// The values as texts.
    private var texts: Set<String> = []
    /// Those that are numbers.
    private var numbers: Set<Double> = []
    /// Where they come from, as an explanation names them.
    let name: String

    /// Creates an empty list.
    init(name: String) {
        self.name = name
    }

    /// Adds a value.
    mutating func insert(_ text: String, number: Double?) {
        texts.insert(text)
        if let number { numbers.insert(number) }
    }

    /// Whether the value is one of these.
    func contains(_ value: FieldValue) -> Bool {
        texts.contains(value.text) || (!numbers.isEmpty && value.number.map(numbers.contains) ?? false)
    }
}
