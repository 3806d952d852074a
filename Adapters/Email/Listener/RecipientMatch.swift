/// How well a recipient fits a mailbox: of several mailboxes the best fit takes the mail, of equal ones the first.
public enum RecipientMatch: Int, Sendable, Comparable {
    /// The mailbox takes whatever nobody else does.
    case any
    /// The mailbox takes the whole domain.
    case domain
    /// The mailbox has this very address.
    case exact

    /// Tells whether the first fits less.
    public static func < (left: RecipientMatch, right: RecipientMatch) -> Bool { left.rawValue < right.rawValue }
}
