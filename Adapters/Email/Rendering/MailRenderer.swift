import Crypto
import Markup
public import Messages

/// A mail ready to be sent.
public struct RenderedMail: Sendable, Hashable {
    /// The envelope sender; empty for bounces (RFC 5321 §4.5.5).
    public var sender: String
    /// The envelope recipient.
    public var recipient: String
    /// The mail's id, without angle brackets: the same for each attempt of a dispatch.
    public var messageID: String
    /// The mail, its lines ended with CRLF.
    public var bytes: [UInt8]
}

/// Writes dispatches as mails.
///
/// The same dispatch gives the same bytes each time, so that a repetition can be told (I4).
public struct MailRenderer: Sendable {
    /// The mailbox's own address, which mails come from.
    public var address: String
    /// The name of the mailbox; a sender's name is shown `via` it.
    public var name: String?
    /// The name of the mailbox in routes.yaml.
    public var mailbox: String
    /// The name of the router, by which it knows its own mail again.
    public var router: String

    /// Creates a renderer.
    public init(address: String, name: String?, mailbox: String, router: String) {
        self.address = address
        self.name = name
        self.mailbox = mailbox
        self.router = router
    }

    /// Writes a mail.
    ///
    /// - Parameters:
    ///   - dispatch: What goes to whom.
    ///   - blobs: The bytes of the parts that lie in the blob store, by their digests.
    /// - Returns: The mail.
    /// - Throws: ``MailError/badAddress(_:)`` when the recipient is no e-mail address, ``MailError/missingBlob(digest:)``.
    public func render(_ dispatch: Dispatch, blobs: [String: [UInt8]] = [:]) throws(MailError) -> RenderedMail {
        let recipient = dispatch.recipient.user
        guard Self.isAddress(recipient) else { throw .badAddress(recipient) }
        let key = try Self.identifier(dispatch.idempotencyKey)
        let messageID = "\(MailLoop.idPrefix)\(key)@\(domain)"
        var bytes = Array(header(dispatch, recipient: recipient, messageID: messageID).text.utf8)
        let isBounce = dispatch.envelope.kind == .bounce
        let body = isBounce ? BounceReport(dispatch, router: router).node : try Self.body(dispatch.envelope, blobs)
        body.write(to: &bytes, key: String(key.suffix(40)))
        return RenderedMail(sender: isBounce ? "" : address, recipient: recipient, messageID: messageID, bytes: bytes)
    }

    /// Whether text can stand as an address in a mail's header and envelope.
    static func isAddress(_ text: String) -> Bool {
        guard let (path, rest) = SMTPPath.parse(Array("<\(text)>".utf8)[...]) else { return false }
        return rest.isEmpty && path.address == text && text.contains("@")
    }

    private var domain: String { MailAddress(address: address).domain }

    private func header(_ dispatch: Dispatch, recipient: String, messageID: String) -> MailHeaderWriter {
        let envelope = dispatch.envelope
        var header = MailHeaderWriter()
        header.structured("From", MailHeaderWriter.mailbox(author(of: envelope)))
        header.structured("To", "<\(recipient)>")
        header.unstructured("Subject", subject(of: envelope))
        header.structured("Date", envelope.time.mailDate)
        header.structured("Message-ID", "<\(messageID)>")
        if let parent = dispatch.remoteInReplyTo.flatMap(Self.messageID) {
            header.structured("In-Reply-To", "<\(parent)>")
            header.structured("References", "<\(parent)>")
        }
        if let replyTo = envelope.replyTo, replyTo.platform == mailbox, replyTo.peers.isEmpty,
            Self.isAddress(replyTo.user)
        {
            header.structured("Reply-To", "<\(replyTo.user)>")
        }
        switch envelope.priority {
        case .high, .urgent: header.structured("Importance", "high")
        case .low: header.structured("Importance", "low")
        case .normal: break
        }
        if envelope.kind == .bounce {
            header.structured("Auto-Submitted", "auto-replied")
        } else if envelope.isAutomatic || envelope.kind == .event {
            header.structured("Auto-Submitted", "auto-generated")
        }
        header.unstructured(MailLoop.fieldName, router)
        header.structured("MIME-Version", "1.0")
        return header
    }

    private func author(of envelope: Envelope) -> MailAddress {
        if envelope.kind == .bounce {
            return MailAddress(name: "Mail Delivery System", address: "mailer-daemon@\(domain)")
        }
        guard let sender = envelope.sender?.name, !sender.isEmpty else {
            return MailAddress(name: name, address: address)
        }
        return MailAddress(name: "\(sender.cut(toBytes: 200)) via \(name ?? "Postroad")", address: address)
    }

    /// The subject; a message of a platform that knows none is known by its first words.
    private func subject(of envelope: Envelope) -> String {
        if let subject = envelope.subject.map(MailHeaderWriter.singleLine), !subject.isEmpty {
            return subject.cut(toBytes: 800)
        }
        if envelope.kind == .bounce { return "Undeliverable message" }
        let first = envelope.text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard !first.isEmpty else { return "(no subject)" }
        return first.count > 70 ? "\(first.prefix(69))…" : first
    }

    /// The id without brackets, when it can stand in a header.
    private static func messageID(_ text: String) -> String? {
        let id = text.trimmed.drop { $0 == "<" }.prefix { $0 != ">" }
        let isSafe = id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ",") }
        return isSafe && (1...900).contains(id.utf8.count) ? String(id) : nil
    }

    /// The key as part of an id: as it is when it can be one, else its digest.
    private static func identifier(_ key: String) throws(MailError) -> String {
        let isSafe = key.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard !isSafe || !(1...64).contains(key.utf8.count) else { return key }
        do {
            return try SHA256.digest(of: Array(key.utf8)).hex
        } catch {
            throw .badEnvelope(reason: error.description)
        }
    }
}

extension MailRenderer {
    private static func body(_ envelope: Envelope, _ blobs: [String: [UInt8]]) throws(MailError) -> MIMENode {
        var nodes: [MIMENode] = []
        let words = words(of: envelope)
        var files: [MIMENode] = []
        for part in envelope.parts { if let file = try file(part, blobs) { files.append(file) } }
        if words.hasText || files.isEmpty { nodes.append(words.node) }
        nodes += files
        return nodes.count == 1 ? nodes[0] : .multipart("multipart/mixed", nodes)
    }

    /// All texts as one: plain, with the HTML beside it when the message is one piece of HTML.
    private static func words(of envelope: Envelope) -> (node: MIMENode, hasText: Bool) {
        let texts = envelope.parts.compactMap { part -> (text: String, format: TextFormat)? in
            guard part.type == .text, case .text(let text, let format) = part.content else { return nil }
            return (text, format)
        }
        let plain = texts.map { $0.format == .html ? HTMLText.plainText(of: $0.text) : $0.text }
            .joined(separator: "\n\n")
        let node = MIMENode.text(plain, subtype: "plain")
        guard texts.count == 1, let only = texts.first, only.format == .html else { return (node, !plain.isEmpty) }
        return (.multipart("multipart/alternative", [node, .text(only.text, subtype: "html")]), true)
    }

    private static func file(_ part: Part, _ blobs: [String: [UInt8]]) throws(MailError) -> MIMENode? {
        let fallback = part.type == .text ? "text/plain" : "application/octet-stream"
        switch part.content {
        case .text(let text, _):
            guard part.type != .text else { return nil }
            return .file(Array(text.utf8), mediaType: part.mediaType ?? "text/plain", name: part.name, isInline: false)
        case .bytes(let bytes):
            return .file(bytes, mediaType: part.mediaType ?? fallback, name: part.name, isInline: part.type == .image)
        case .blob(let reference):
            guard let bytes = blobs[reference.digest] else { throw .missingBlob(digest: reference.digest) }
            return .file(bytes, mediaType: part.mediaType ?? fallback, name: part.name, isInline: part.type == .image)
        case .value(let json):
            let name = part.name ?? "\(part.type.rawValue).json"
            return .file(json.encoded(), mediaType: part.mediaType ?? "application/json", name: name, isInline: false)
        }
    }
}
