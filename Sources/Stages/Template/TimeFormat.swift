import Messages

/// A subset of strftime, in UTC and English.
struct TimeFormat: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case literal(String)
        case field(Character)
    }

    /// The directives, for messages and the reference page.
    static let directives = "`%Y %m %d %H %M %S %y %e %j %b %B %a %A %I %p %s %z %Z %F %T %R %%`"

    private static let known: Set<Character> = Set("YmdHMSyejbBaAIpszZFTR%")
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    private let pieces: [Piece]

    /// Parses a format; the failure is the directive that is not known.
    init(parsing text: String) throws(UnknownDirective) {
        var pieces: [Piece] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                literal.append(character)
                continue
            }
            guard let field = rest.popFirst() else { throw UnknownDirective(text: "%") }
            guard Self.known.contains(field) else { throw UnknownDirective(text: "%\(field)") }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(.field(field))
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    /// A directive that is not known.
    struct UnknownDirective: Error {
        var text: String
    }

    /// Writes a time.
    func format(_ time: Timestamp) -> String {
        let civil = time.civil
        return pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .field(let field): Self.dateField(field, civil) ?? Self.timeField(field, civil, time)
            }
        }.joined()
    }

    private static func dateField(_ field: Character, _ civil: CivilDate) -> String? {
        switch field {
        case "Y": padded(civil.year, 4)
        case "y": padded(civil.year % 100, 2)
        case "m": padded(civil.month, 2)
        case "d": padded(civil.day, 2)
        case "e": padded(civil.day, 2, with: " ")
        case "j": padded(dayOfYear(civil), 3)
        case "B": months[civil.month - 1]
        case "b": String(months[civil.month - 1].prefix(3))
        case "A": days[civil.weekday]
        case "a": String(days[civil.weekday].prefix(3))
        case "F": "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
        default: nil
        }
    }

    private static func timeField(_ field: Character, _ civil: CivilDate, _ time: Timestamp) -> String {
        switch field {
        case "H": padded(civil.hour, 2)
        case "I": padded((civil.hour + 11) % 12 + 1, 2)
        case "M": padded(civil.minute, 2)
        case "S": padded(civil.second, 2)
        case "p": civil.hour < 12 ? "AM" : "PM"
        case "R": "\(padded(civil.hour, 2)):\(padded(civil.minute, 2))"
        case "T": "\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))"
        case "s": String(time.seconds)
        case "z": "+0000"
        case "Z": "UTC"
        default: String(field)
        }
    }

    private static func dayOfYear(_ civil: CivilDate) -> Int {
        (1..<civil.month).reduce(civil.day) { $0 + CivilDate.days(inMonth: $1, of: civil.year) }
    }

    private static func padded(_ number: Int, _ width: Int, with padding: Character = "0") -> String {
        let digits = String(number)
        return String(repeating: padding, count: max(0, width - digits.count)) + digits
    }
}
