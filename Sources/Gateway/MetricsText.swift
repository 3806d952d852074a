/// Metrics as Prometheus reads them (text format 0.0.4).
struct MetricsText {
    /// What a metric is.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// The media type of the text.
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// What has been written.
    private(set) var text = ""

    /// Begins a metric; its samples follow.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes one value.
    mutating func sample(_ name: String, _ labels: [(name: String, value: String)] = [], _ value: some Numeric) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// Writes a metric with one value.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some Numeric) {
        begin(name, kind, help)
        sample(name, [], value)
    }

    private static func escaped(_ value: String) -> String {
        String(
            value.flatMap { character -> [Character] in
                switch character {
                case "\\": ["\\", "\\"]
                case "\"": ["\\", "\""]
                case "\n": ["\\", "n"]
                default: [character]
                }
            })
    }
}
