/// Follows the commands and replies of one mail, as curl reports them.
///
/// Lines of the client are looked at for their first word only, as they may hold secrets.
struct SMTPDialogue {
    private let addressees: [String]
    private(set) var stage = SMTPStage.greeting
    /// What the server said to each recipient so far.
    private(set) var recipients: [SMTPRecipientReply] = []
    /// The reply to the last command, if it has come.
    private(set) var reply: SMTPReply?
    /// The reply to the message.
    private(set) var messageReply: SMTPReply?
    private var lines: [String] = []
    private var hasQuit = false

    init(recipients: [String]) {
        addressees = recipients
    }

    /// Takes a command; lines that are none of SMTP's go on with what was begun, as in `AUTH`.
    mutating func sent(_ command: some Collection<UInt8>) {
        let verb = String(decoding: command.prefix { $0 != 0x20 && $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        guard verb != "QUIT" else {
            hasQuit = true
            return
        }
        // The reply to an earlier command is not what ends the mail.
        reply = nil
        stage = Self.stages[verb] ?? stage
    }

    /// Takes one line of a reply (RFC 5321 §4.2.1): `250-more` goes on, `250 last` ends it.
    mutating func received(_ line: some Collection<UInt8>) {
        let text = String(decoding: line.filter { $0 >= 0x20 || $0 == 0x09 }, as: UTF8.self)
        guard !hasQuit, let code = Int(text.prefix(3)), 200..<600 ~= code, lines.count < Self.maximalLines else {
            return
        }
        lines.append(String(text.dropFirst(4).prefix(Self.maximalLineLength)))
        guard text.dropFirst(3).first != "-" else { return }
        finish(SMTPReply(code: code, text: lines.joined(separator: "\n")))
        lines = []
    }

    private mutating func finish(_ reply: SMTPReply) {
        self.reply = reply
        switch stage {
        case .recipient where recipients.count < addressees.count:
            recipients.append(SMTPRecipientReply(recipient: addressees[recipients.count], reply: reply))
        case .data where reply.code == 354:
            stage = .message
        case .message:
            messageReply = reply
        default:
            break
        }
    }

    /// The reply that ended the mail, if one did.
    var rejection: (stage: SMTPStage, reply: SMTPReply)? {
        guard let reply, !reply.isPositive else { return nil }
        return (stage, reply)
    }

    private static var stages: [String: SMTPStage] {
        [
            "EHLO": .hello, "HELO": .hello, "STARTTLS": .security, "AUTH": .authentication, "MAIL": .sender,
            "RCPT": .recipient, "DATA": .data,
        ]
    }

    private static var maximalLines: Int { 100 }
    private static var maximalLineLength: Int { 1_000 }
}
