/// A command line of SMTP or LMTP (RFC 5321 §4.1, RFC 2033, RFC 3030).
enum SMTPCommand: Sendable, Hashable {
    /// The three ways to say hello.
    enum Hello: String, Sendable { case helo, ehlo, lhlo }

    case hello(Hello, name: String)
    case mail(SMTPPath, parameters: [SMTPParameter])
    case recipient(SMTPPath, parameters: [SMTPParameter])
    case data
    case chunk(size: Int, isLast: Bool)
    case reset, noop, verify, help, quit, startTLS
    case authenticate(mechanism: String, initial: ArraySlice<UInt8>?)

    /// Reads a line without its end.
    ///
    /// - Throws: The reply that says what is wrong with it.
    init(parsing line: ArraySlice<UInt8>) throws(SMTPSyntaxError) {
        let verbEnd = line.firstIndex { $0.isBlank } ?? line.endIndex
        let verb = String(decoding: line[..<verbEnd], as: UTF8.self).uppercased()
        let argument = line[verbEnd...].trimmedBlanks
        switch verb {
        case "HELO": self = .hello(.helo, name: try Self.hostName(argument))
        case "EHLO": self = .hello(.ehlo, name: try Self.hostName(argument))
        case "LHLO": self = .hello(.lhlo, name: try Self.hostName(argument))
        case "MAIL":
            let (path, parameters) = try Self.path(argument, after: "FROM:")
            self = .mail(path, parameters: parameters)
        case "RCPT":
            let (path, parameters) = try Self.path(argument, after: "TO:")
            guard !path.address.isEmpty else { throw .syntax("RCPT needs an address") }
            self = .recipient(path, parameters: parameters)
        case "BDAT": self = try Self.chunk(argument)
        case "NOOP": self = .noop
        case "VRFY": self = .verify
        case "HELP": self = .help
        case "DATA", "RSET", "QUIT", "STARTTLS":
            guard argument.isEmpty else { throw .argument("\(verb) has no argument") }
            self = verb == "DATA" ? .data : verb == "RSET" ? .reset : verb == "QUIT" ? .quit : .startTLS
        case "AUTH": self = try Self.login(argument)
        case "EXPN", "SEND", "SOML", "SAML", "TURN", "ETRN": throw .notImplemented(verb)
        case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE": throw .web
        default: throw .unknown
        }
    }

    private static func hostName(_ argument: ArraySlice<UInt8>) throws(SMTPSyntaxError) -> String {
        guard !argument.isEmpty, argument.count <= 255, argument.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .argument("a host name is missing")
        }
        return String(decoding: argument, as: UTF8.self)
    }

    private static func path(
        _ argument: ArraySlice<UInt8>, after keyword: String
    ) throws(SMTPSyntaxError) -> (SMTPPath, [SMTPParameter]) {
        let word = argument.prefix(keyword.utf8.count)
        guard String(decoding: word, as: UTF8.self).uppercased() == keyword else {
            throw .syntax("expected \(keyword)<address>")
        }
        guard let (path, rest) = SMTPPath.parse(argument.dropFirst(word.count).trimmedBlanks) else {
            throw .address
        }
        guard rest.isEmpty || rest.first?.isBlank == true else { throw .syntax("expected a space after the address") }
        return (path, rest.split { $0.isBlank }.map { SMTPParameter($0) })
    }

    private static func login(_ argument: ArraySlice<UInt8>) throws(SMTPSyntaxError) -> SMTPCommand {
        let words = argument.split { $0.isBlank }
        guard let mechanism = words.first, words.count <= 2 else {
            throw .argument("expected AUTH mechanism [response]")
        }
        return .authenticate(
            mechanism: String(decoding: mechanism, as: UTF8.self).uppercased(),
            initial: words.count == 2 ? words[1] : nil)
    }

    private static func chunk(_ argument: ArraySlice<UInt8>) throws(SMTPSyntaxError) -> SMTPCommand {
        let words = argument.split { $0.isBlank }.map { String(decoding: $0, as: UTF8.self) }
        guard let first = words.first, let size = Int(first), size >= 0, first.utf8.first != UInt8(ascii: "+"),
            words.count == 1 || words.count == 2 && words[1].uppercased() == "LAST"
        else { throw .chunk }
        return .chunk(size: size, isLast: words.count == 2)
    }
}

/// A parameter of MAIL or RCPT: `SIZE=1234`, `SMTPUTF8`.
struct SMTPParameter: Sendable, Hashable {
    /// The keyword, in upper case.
    let name: String
    /// The value, `nil` without one.
    let value: String?

    init(_ text: ArraySlice<UInt8>) {
        let equals = text.firstIndex(of: UInt8(ascii: "="))
        name = String(decoding: text[..<(equals ?? text.endIndex)], as: UTF8.self).uppercased()
        value = equals.map { String(decoding: text[text.index(after: $0)...], as: UTF8.self) }
    }
}

extension ArraySlice<UInt8> {
    /// Without spaces and tabs around it.
    var trimmedBlanks: ArraySlice<UInt8> {
        var slice = drop { $0.isBlank }
        while slice.last?.isBlank == true { slice.removeLast() }
        return slice
    }
}
