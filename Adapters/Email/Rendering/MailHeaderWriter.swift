import Messages

/// Writes the header of a mail or of a part (RFC 5322 §2.2).
///
/// No value breaks out of its field: control characters become spaces, and lines are folded here alone.
struct MailHeaderWriter {
    /// The length that lines are folded at (RFC 5322 §2.1.1).
    private static let foldedLine = 76

    /// The header so far, each field ended with CRLF.
    private(set) var text = ""

    /// Writes a field of free text; what is not ASCII is encoded.
    mutating func unstructured(_ name: String, _ value: String) {
        let clean = Self.singleLine(value)
        structured(name, EncodedWord.isPlain(clean) ? clean : EncodedWord.words(clean).joined(separator: " "))
    }

    /// Writes a field whose value is in its final form; it is folded at spaces.
    mutating func structured(_ name: String, _ value: String) {
        var line = "\(name):"
        for word in Self.singleLine(value).split(separator: " ") {
            if line.utf8.count + 1 + word.utf8.count > Self.foldedLine, line.utf8.count > 1, !line.hasSuffix(":") {
                text += line + "\r\n"
                line = ""
            }
            line += " \(word)"
        }
        text += line + "\r\n"
    }

    /// Writes the empty line between blocks of fields.
    mutating func blankLine() {
        text += "\r\n"
    }

    /// A name to show and an address, as they stand in `From` and `To`.
    static func mailbox(_ address: MailAddress) -> String {
        guard let name = address.name.map(singleLine), !name.isEmpty else { return "<\(address.address)>" }
        guard EncodedWord.isPlain(name) else {
            return "\(EncodedWord.words(name).joined(separator: " ")) <\(address.address)>"
        }
        return "\(quoted(name)) <\(address.address)>"
    }

    /// Text in quotation marks (RFC 5322 §3.2.4).
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// A parameter with the text of a stranger (RFC 2231 where it is not ASCII).
    static func parameter(_ name: String, _ value: String) -> String {
        let clean = singleLine(value)
        if clean.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return "\(name)=\(quoted(clean))" }
        let encoded = clean.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                return String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return "\(name)*=utf-8''\(encoded.joined())"
    }

    /// The text without line ends and other control characters, and with single spaces.
    static func singleLine(_ text: String) -> String {
        let spaced = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}"
                ? " " : scalar
        }
        return String(String.UnicodeScalarView(spaced)).split(separator: " ").joined(separator: " ")
    }
}

extension Timestamp {
    /// The time as mail writes it, in UTC (RFC 5322 §3.3): `Tue, 02 Jan 2024 15:04:05 +0000`.
    var mailDate: String {
        let date = civil
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[date.weekday]), \(two(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(two(date.hour)):\(two(date.minute)):\(two(date.second)) +0000"
    }
}
