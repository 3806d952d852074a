/// Tells mail that goes in circles (RFC 5321 §6.3, and our own mark).
public enum MailLoop {
    /// The field that names the routers a mail was written by.
    static let fieldName = "X-Router-Loop"
    /// What the ids of our mails begin with.
    static let idPrefix = "postroad."
    /// The most servers that a mail passes on an honest way.
    private static let maximumReceived = 100

    /// Why the mail is in a loop; `nil` when it is not.
    ///
    /// - Parameters:
    ///   - message: The mail.
    ///   - router: The router's own name.
    ///   - domains: The domains the router sends from: a mail with an id of ours under one of them is our own, even when
    ///     somebody has taken the mark off.
    /// - Returns: The reason, fit to be told to the client.
    public static func reason(_ message: [UInt8], router: String, domains: Set<String>) -> String? {
        var start = 0
        // A header that is beyond the limits is refused for that, later.
        guard let header = try? HeaderFields(reading: message[...], limits: MailLimits(), bodyStart: &start) else {
            return nil
        }
        if header.all("received").count > maximumReceived {
            return "mail loop: the message has passed more than \(maximumReceived) servers"
        }
        let mark = MailHeaderWriter.singleLine(router).lowercased()
        if header.all(fieldName.lowercased()).contains(where: {
            GMimeSyntax.decodedText($0).trimmed.lowercased() == mark
        }) {
            return "mail loop: the message was written by this router"
        }
        guard let id = header["message-id"].flatMap({ GMimeSyntax.messageIDs($0).first }), id.hasPrefix(idPrefix) else {
            return nil
        }
        let isOurs = domains.contains(MailAddress(address: id).domain)
        return isOurs ? "mail loop: the message's id is one of this router's" : nil
    }
}
