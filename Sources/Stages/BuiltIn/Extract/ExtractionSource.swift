import Configuration
import Messages

/// Where `extract` looks.
enum ExtractionSource: Sendable {
    case field(EnvelopeField)
    /// The value of the first data part.
    case data

    /// Reads the setting; an unknown field is reported.
    init?(_ settings: SettingsObject, diagnostics: inout Diagnostics) {
        if settings.string("from") == "data" {
            self = .data
        } else if let value = settings.value("from"),
            let field = EnvelopeField(value, diagnostics: &diagnostics)
        {
            self = .field(field)
        } else {
            return nil
        }
    }

    /// The name as it is written.
    var name: String {
        switch self {
        case .field(let field): field.name
        case .data: "data"
        }
    }

    /// What is there; `nil` when there is nothing.
    func value(in envelope: Envelope) -> JSON? {
        switch self {
        case .field(let field): return field.value(in: envelope)
        case .data:
            for part in envelope.parts where part.type == .data {
                if case .value(let value) = part.content { return value }
            }
            return nil
        }
    }
}
