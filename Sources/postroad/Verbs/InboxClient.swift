import Messages

/// Asks the inboxes of the running router, all of them.
struct InboxClient: Sendable {
    private let router: ControlClient
    /// The names of the mailboxes that keep messages.
    private let mailboxes: [String]

    /// Asks which mailboxes keep messages.
    init(_ router: ControlClient) async throws {
        self.router = router
        let rows = try await router.get("/v1/mailboxes")["mailboxes"]?.array ?? []
        mailboxes = rows.filter { $0.text("adapter") == "inbox" }.map { $0.text("name") }
    }

    /// The latest messages to a recipient, to anybody without one.
    ///
    /// - Throws: ``CommandError/input(_:)`` when the recipient is in no mailbox that keeps messages.
    func list(_ recipient: Address?, limit: Int) async throws -> [JSON] {
        if let recipient, !mailboxes.contains(recipient.platform) {
            throw CommandError.input(
                "\(recipient.platform) keeps no messages; \(mailboxes.joined(separator: ", ")) do")
        }
        var rows: [JSON] = []
        for mailbox in recipient.map({ [$0.platform] }) ?? mailboxes {
            var query = [("mailbox", mailbox), ("limit", "\(limit)")]
            if let recipient { query.append(("recipient", recipient.description)) }
            rows += try await router.get("/inbox/api/messages", query: query)["messages"]?.array ?? []
        }
        // Times of RFC 3339 in UTC sort as text.
        return rows.sorted { $0.text("delivered") > $1.text("delivered") }.prefix(limit).map(Self.numbered)
    }

    /// The row with the number of its dispatch, which is enough to name it: an inbox's id of a message ends with it.
    private static func numbered(_ row: JSON) -> JSON {
        guard case .object(var fields) = row, let digits = row.text("id").split(separator: "-").last,
            let number = Int64(digits)
        else { return row }
        fields["number"] = .integer(number)
        return .object(fields)
    }

    /// What an inbox keeps of the dispatch of this number.
    ///
    /// - Throws: ``CommandError/input(_:)`` when there is none.
    func message(ofDispatch number: Int64) async throws -> JSON {
        let answer = try await router.get("/v1/spool", query: [("filter", "number=\(number)"), ("limit", "1")])
        guard let id = answer["dispatches"]?.array?.first?["message"]?.string else {
            throw CommandError.input(
                "no dispatch has the number \(number); `postroad inbox` lists those in the inboxes")
        }
        return try await message("\(id)-\(number)")
    }

    /// What inboxes keep of a message; `name` is its id, or that of the one copy that is wanted.
    ///
    /// - Throws: ``CommandError/input(_:)`` when they keep none.
    func messages(_ name: String, of id: MessageID) async throws -> [JSON] {
        guard name == id.description else { return [try await message(name)] }
        let trace = try await router.get("/v1/messages/\(id)/trace")
        let copies = (trace["dispatches"]?.array ?? []).filter { dispatch in
            dispatch.text("state") == "delivered"
                && mailboxes.contains(String(dispatch.text("to").prefix { $0 != ":" }))
        }
        .flatMap { $0["remote_ids"]?.array?.compactMap(\.string) ?? [] }
        guard !copies.isEmpty else {
            throw CommandError.input("message \(id) is in no inbox; `postroad trace \(id)` tells where it went")
        }
        var messages: [JSON] = []
        for copy in copies { messages.append(try await message(copy)) }
        return messages
    }

    private func message(_ id: String) async throws -> JSON {
        do {
            return try await router.get("/inbox/api/messages/\(ControlClient.percentEncoded(id))")
        } catch CommandError.refused(status: 404, _) {
            throw CommandError.input("no inbox keeps the message \(id) any more, or ever did")
        }
    }
}
