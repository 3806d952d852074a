/// Who has logged in to hand in mail.
public struct MailIdentity: Sendable, Hashable {
    /// The user's name.
    public let name: String
    private let senders: [MailPattern]

    init(name: String, senders: [MailPattern]) {
        self.name = name
        self.senders = senders
    }

    /// Whether the user may send under this address.
    func maySend(as address: String) -> Bool {
        let address = MailRecipient(address)
        return senders.contains { $0.match(address) != nil }
    }
}
