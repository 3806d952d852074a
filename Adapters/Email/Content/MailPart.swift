public import Messages

/// A piece of a mail as a person sees it.
public enum MailPart: Sendable, Hashable {
    /// Words; HTML has become Markdown.
    case text(String, format: TextFormat)
    /// A file or a picture.
    case file(MailFile)
}

/// A file in a mail.
public struct MailFile: Sendable, Hashable {
    /// What is in it.
    public var bytes: [UInt8]
    /// Its media type, in lower case.
    public var mediaType: String
    /// Its name, without folders.
    public var name: String?
    /// The id by which the HTML of the mail shows it, without angle brackets.
    public var contentID: String?
}
