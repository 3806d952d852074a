import Messages

/// What the envelope's `meta` says of a mail; README.md lists the names.
enum MailMeta {
    private static let maximumItems = 100

    static func object(_ mail: ParsedMail, _ facts: MailFacts) -> JSONObject {
        var meta = JSONObject()
        meta["message_id"] = mail.messageID.map(JSON.string)
        if !mail.references.isEmpty { meta["references"] = list(Array(mail.references.suffix(maximumItems))) }
        if let returnPath = facts.returnPath {
            meta["return_path"] = .string(returnPath)
        } else if facts.hasNullSender {
            meta["return_path"] = ""
        }
        if !facts.recipients.isEmpty { meta["recipients"] = list(facts.recipients) }
        if !mail.to.isEmpty { meta["to"] = list(mail.to.map(\.address)) }
        if !mail.cc.isEmpty { meta["cc"] = list(mail.cc.map(\.address)) }
        meta["list_id"] = mail.header.text("list-id").map { .string(MailHeaders.clean($0)) }
        meta["language"] = mail.header.word("content-language").map(JSON.string)
        meta["hello"] = facts.hello.map(JSON.string)
        meta["user"] = facts.user.map(JSON.string)
        meta["tls"] = facts.tls.map(JSON.string)
        meta["client"] = facts.client.map(JSON.string)
        if let report = mail.report {
            meta[report.type == "delivery-status" ? "dsn" : "report"] = report.json
        }
        return meta
    }

    private static func list(_ items: [String]) -> JSON {
        .array(items.prefix(maximumItems).map(JSON.string))
    }
}
