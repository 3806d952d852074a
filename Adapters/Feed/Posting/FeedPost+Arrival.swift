import AdapterKit
import Messages

extension FeedPost {
    /// The post as a message of its feed: from `mailbox:feed`, of the topic `mailbox:feed`.
    ///
    /// - Throws: `MessageError` when the names make no address, which the settings exclude.
    func arrival(feed: String, context: AdapterContext) throws -> Arrival {
        var envelope = Envelope(
            id: context.makeMessageID(), time: time, from: try context.address(feed),
            topic: try Topic(source: context.mailbox, class: feed), kind: edit == nil ? .message : .edit,
            subject: subject, parts: [.text(text, format: .markdown)])
        let name = meta["feed_title"]?.string ?? feed
        envelope.sender = Sender(name: author ?? name, isAutomatic: true)
        envelope.meta = meta
        // An edit follows what it changes, so they are of one thread.
        envelope.thread = "\(feed)/\(key)"
        if edit != nil { envelope.inReplyTo = "\(feed)/\(key)" }
        return Arrival(
            envelope: envelope, eventKey: edit.map { "\(feed)/\(key)/\($0)" } ?? "\(feed)/\(key)", fingerprint: nil,
            remoteID: edit == nil ? "\(feed)/\(key)" : nil)
    }
}
