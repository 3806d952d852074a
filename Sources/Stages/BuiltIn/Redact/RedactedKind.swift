/// What `redact` looks for.
enum RedactedKind: String, CaseIterable, Sendable {
    case secrets, cards, emails, ibans, phones

    /// What is looked for unless the setting says otherwise: phone numbers look too much like other numbers.
    static let usual: [RedactedKind] = [.secrets, .cards, .emails, .ibans]

    /// What stands in the place of one.
    var placeholder: String {
        switch self {
        case .secrets: "[secret]"
        case .cards: "[card number]"
        case .emails: "[e-mail address]"
        case .ibans: "[IBAN]"
        case .phones: "[phone number]"
        }
    }

    /// One or several of them, for the trace.
    func counted(_ count: Int) -> String {
        let (one, many) =
            switch self {
            case .secrets: ("secret", "secrets")
            case .cards: ("card number", "card numbers")
            case .emails: ("e-mail address", "e-mail addresses")
            case .ibans: ("IBAN", "IBANs")
            case .phones: ("phone number", "phone numbers")
            }
        return "\(count) \(count == 1 ? one : many)"
    }
}
