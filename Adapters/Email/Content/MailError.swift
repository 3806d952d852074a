/// Why bytes cannot be taken as a mail, or a message cannot be written as one.
public enum MailError: Error, Sendable, Hashable {
    /// There are no bytes.
    case empty
    /// The header is larger than the limit, in bytes.
    case headerTooLarge(limit: Int)
    /// The header has more fields than the limit.
    case tooManyFields(limit: Int)
    /// The message has more parts than the limit.
    case tooManyParts(limit: Int)
    /// The message makes no envelope; the text says why.
    case badEnvelope(reason: String)
    /// The address cannot stand in a mail.
    case badAddress(String)
    /// The author is none that the user may send as.
    case foreignAuthor(user: String)
    /// A part lies in the blob store and was not given.
    case missingBlob(digest: String)
}

extension MailError: CustomStringConvertible {
    /// What is wrong, fit to be told to the sender.
    public var description: String {
        switch self {
        case .empty: "the message is empty"
        case .headerTooLarge(let limit): "the message's header is larger than \(limit) bytes"
        case .tooManyFields(let limit): "the message's header has more than \(limit) fields"
        case .tooManyParts(let limit): "the message has more than \(limit) parts"
        case .badEnvelope(let reason): "the message cannot be taken: \(reason)"
        case .badAddress(let address): "\"\(address.prefix(80))\" is no e-mail address; expected local@domain"
        case .foreignAuthor(let user): "\(user) may not send as the author in From"
        case .missingBlob(let digest): "the part \(digest) is not in the blob store"
        }
    }
}
