/// What a server says of a recipient.
public enum RecipientVerdict: Sendable, Hashable {
    /// Somebody here takes the mail.
    case accepted
    /// Nobody here has that address.
    case unknown
}
