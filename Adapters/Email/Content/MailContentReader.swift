import Markup
import Messages

/// Makes of the tree of a message what a person sees: texts and files in their order.
///
/// Of alternatives the plain text is taken when it says something, else the HTML as Markdown; files among them are kept.
struct MailContentReader {
    private(set) var parts: [MailPart] = []

    /// Reads the message.
    static func parts(of message: MIMEEntity) -> [MailPart] {
        var reader = MailContentReader()
        reader.read(message, withTexts: true)
        return reader.parts
    }

    private mutating func read(_ entity: MIMEEntity, withTexts: Bool) {
        guard entity.children.isEmpty else { return readChildren(of: entity, withTexts: withTexts) }
        // A multipart that holds nothing says nothing.
        guard entity.contentType.type != "multipart" else { return }
        guard let format = entity.textFormat else {
            if withTexts || !entity.isAlternativeText { parts.append(.file(entity.file)) }
            return
        }
        guard withTexts else { return }
        let text = entity.readableText(format)
        if !text.isEmpty { parts.append(.text(text, format: format == .html ? .markdown : .plain)) }
        if format == .html, entity.body.count > MIMEEntity.readableHTML {
            var file = entity.file
            file.name = "message.html"
            parts.append(.file(file))
        }
    }

    private mutating func readChildren(of entity: MIMEEntity, withTexts: Bool) {
        let isAlternative = entity.contentType.subtype == "alternative"
        let chosen = isAlternative && withTexts ? Self.chosen(of: entity.children) : nil
        for (index, child) in entity.children.enumerated() {
            read(child, withTexts: withTexts && (chosen == nil || chosen == index))
        }
    }

    /// Which of the alternatives is read: plain text that says something, else the richest one with text (RFC 2046 §5.1.4).
    private static func chosen(of alternatives: [MIMEEntity]) -> Int? {
        let plain = alternatives.firstIndex { $0.textFormat == .plain && !$0.readableText(.plain).isEmpty }
        return plain ?? alternatives.lastIndex { $0.hasText }
    }
}

extension MIMEEntity {
    /// The most bytes of HTML that are made readable; more is kept as a file, too.
    ///
    /// A tree of it takes many times its size.
    static let readableHTML = 1_048_576

    /// How the part reads when it is words to be shown, and no file.
    var textFormat: TextFormat? {
        guard contentType.type == "text", disposition.map({ $0.value == "inline" }) ?? true, fileName == nil else {
            return nil
        }
        switch contentType.subtype {
        case "plain": return .plain
        case "html": return .html
        default: return nil
        }
    }

    /// Whether words are in it somewhere.
    var hasText: Bool {
        textFormat != nil || children.contains { $0.hasText }
    }

    /// Whether it is a third form of the words (AMP, enriched text), which nobody misses beside the other forms.
    var isAlternativeText: Bool {
        contentType.type == "text" && contentType.subtype != "calendar" && fileName == nil
            && disposition?.value != "attachment"
    }

    /// The words, without the line breaks of the transport.
    func readableText(_ format: TextFormat) -> String {
        let text = text()
        guard format == .plain else {
            return MailText.withoutTrailingLines(HTMLText.markdown(of: text.cut(toBytes: Self.readableHTML)))
        }
        guard contentType.parameters["format"]?.lowercased() == "flowed" else {
            return MailText.withoutTrailingLines(text)
        }
        let deletesSpace = contentType.parameters["delsp"]?.lowercased() == "yes"
        return MailText.withoutTrailingLines(FlowedText.unwrapped(text, deletesSpace: deletesSpace))
    }

    /// The part as a file; a message in the message keeps its bytes as they came.
    var file: MailFile {
        let contentID = header["content-id"].flatMap { GMimeSyntax.messageIDs($0).first }
        return MailFile(
            bytes: decodedBody(), mediaType: contentType.mediaType, name: fileName ?? fallbackName, contentID: contentID
        )
    }

    private var fallbackName: String? {
        switch contentType.mediaType {
        case "message/rfc822", "message/global": "message.eml"
        case "message/delivery-status": "delivery-status.txt"
        case "text/rfc822-headers": "headers.txt"
        case "text/calendar": "invitation.ics"
        default: nil
        }
    }
}
