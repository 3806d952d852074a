import AdapterKit
import Clocks
import Logging
import Messages
import Transport

/// The endpoints of one mailbox.
///
/// Every one asks whether the request is for this mailbox, and passes it on otherwise.
struct InboxRoutes: Sendable {
    private let store: InboxStore
    private let context: AdapterContext
    private let page: InboxPage

    init(store: InboxStore, context: AdapterContext, page: InboxPage) {
        self.store = store
        self.context = context
        self.page = page
    }

    /// The endpoints.
    var routes: [HTTPRoute] {
        get throws(HTTPPatternError) {
            [
                try route(.get, "/inbox") { page.answer(to: $0) },
                try route(.get, "/inbox/api/mailboxes", callRoll),
                // Less specific, so it is asked when all mailboxes have been named.
                try route(.get, "/inbox/api/{end}") { request in
                    request.parameters["end"] == "mailboxes" ? HTTPResponse(.noContent) : nil
                },
                try route(.get, "/inbox/api/messages", list),
                try route(.get, "/inbox/api/messages/{id}", show),
                try route(.get, "/inbox/api/messages/{id}/parts/{number}", download),
                try route(.get, "/inbox/api/messages/{id}/parts/{number}/view", view),
                try route(.post, "/inbox/api/messages/{id}/reply", reply),
                try route(.get, "/inbox/events", watch),
                try route(.get, "/inbox/live", live),
            ]
        }
    }

    /// An endpoint that only programs and browsers of this machine reach, and whose errors become answers.
    private func route(
        _ method: HTTPMethod, _ pattern: String,
        _ respond: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse?
    ) throws(HTTPPatternError) -> HTTPRoute {
        try HTTPRoute(method, pattern) { [logger = context.logger] request in
            if let fault = request.localFault { return .problem(.forbidden, fault) }
            do {
                return try await respond(request)
            } catch let refusal as InboxRefusal {
                return .problem(refusal.status, refusal.detail)
            } catch let error as PathParameterError {
                return error.response
            } catch {
                logger.error("inbox failed", ["path": request.path, "error": "\(error)"])
                return .problem(.internalServerError, "the inbox could not be read; the log says why")
            }
        }
    }
}

/// Why the inbox does not do what a request asks for.
struct InboxRefusal: Error, Sendable, Hashable {
    let status: HTTPStatus
    let detail: String

    init(_ status: HTTPStatus, _ detail: String) {
        self.status = status
        self.detail = detail
    }
}

// MARK: - Reading

extension InboxRoutes {
    /// Names this mailbox unless `except` does: whoever asks again and again, naming all it has heard of, hears of all.
    @Sendable private func callRoll(_ request: HTTPRequest) async throws -> HTTPResponse? {
        let named = request.query("except")?.split(separator: ",") ?? []
        guard !named.contains(where: { $0 == context.mailbox }) else { return nil }
        let recipients = try await store.recipients().map { recipient -> JSON in
            ["address": .string(recipient.address.description), "count": .integer(Int64(recipient.count))]
        }
        return .json(["mailbox": .string(context.mailbox), "recipients": .array(recipients)])
    }

    /// Whether a request is for this mailbox: it names it, or one of its addresses, or nothing.
    private func isMine(_ request: HTTPRequest) throws(InboxRefusal) -> Bool {
        if let mailbox = request.query("mailbox"), !mailbox.isEmpty { return mailbox == context.mailbox }
        guard let recipient = try recipient(request) else { return true }
        return recipient.platform == context.mailbox
    }

    private func recipient(_ request: HTTPRequest) throws(InboxRefusal) -> Address? {
        guard let text = request.query("recipient"), !text.isEmpty else { return nil }
        do throws(MessageError) {
            return try Address(parsing: text)
        } catch {
            throw InboxRefusal(.badRequest, "recipient: \(error)")
        }
    }

    @Sendable private func list(_ request: HTTPRequest) async throws -> HTTPResponse? {
        guard try isMine(request) else { return nil }
        let text = request.query("limit") ?? "50"
        guard let limit = Int(text), (1...200).contains(limit) else {
            throw InboxRefusal(.badRequest, "limit: expected a number from 1 to 200")
        }
        let before = request.query("before").flatMap { $0.isEmpty ? nil : $0 }
        let lines = try await store.lines(for: recipient(request), before: before, limit: limit + 1)
        var body = Array("{\"mailbox\":\"\(context.mailbox)\",\"more\":\(lines.count > limit),\"messages\":[".utf8)
        for (index, line) in lines.prefix(limit).enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: line.line)
        }
        body.append(contentsOf: "]}".utf8)
        return .json(encoded: body)
    }

    private func message(_ request: HTTPRequest) async throws -> InboxMessage? {
        try await store.message(request.parameter("id"))
    }

    @Sendable private func show(_ request: HTTPRequest) async throws -> HTTPResponse? {
        try await message(request).map { .json(encoded: $0.encoded()) }
    }

    @Sendable private func download(_ request: HTTPRequest) async throws -> HTTPResponse? {
        guard let message = try await message(request) else { return nil }
        let file = try await PartFile(message, request.parameter("number"), context.blobs)
        return file.download(request)
    }

    @Sendable private func view(_ request: HTTPRequest) async throws -> HTTPResponse? {
        guard let message = try await message(request) else { return nil }
        let file = try await PartFile(message, request.parameter("number"), context.blobs)
        guard let response = file.view(request) else {
            throw InboxRefusal(.unsupportedMediaType, "a part of the type \(file.mediaType) is not shown; download it")
        }
        return response
    }
}

// MARK: - Answering and watching

extension InboxRoutes {
    @Sendable private func reply(_ request: HTTPRequest) async throws -> HTTPResponse? {
        guard let message = try await message(request) else { return nil }
        guard request.headers["content-type"]?.hasPrefix("application/json") == true else {
            throw InboxRefusal(.unsupportedMediaType, "expected JSON: {\"text\": \"…\"}")
        }
        let reply = try InboxReply(parsing: request.body)
        let arrival = try reply.arrival(to: message, id: context.makeMessageID(), now: context.clock.now)
        do throws(AcceptError) {
            let acceptance = try await context.accept(arrival)
            let recipients = acceptance.recipients.map { JSON.string($0.address.description) }
            return .json(["id": .string(acceptance.id.description), "to": .array(recipients)], .accepted)
        } catch .busy, .unavailable {
            throw InboxRefusal(.serviceUnavailable, "the router is busy; try again")
        } catch {
            throw InboxRefusal(.unprocessableContent, "\(error)")
        }
    }

    /// Server-sent events: one for each message; `Last-Event-ID` brings what came since.
    @Sendable private func watch(_ request: HTTPRequest) async throws -> HTTPResponse? {
        guard try isMine(request) else { return nil }
        let last = request.lastEventID ?? request.query("after")
        guard let (number, events) = try await store.watch(after: last) else {
            throw InboxRefusal(.serviceUnavailable, "too many pages watch this mailbox")
        }
        let configuration = EventStreamConfiguration(retry: .seconds(2), sleep: context.clock.sleep)
        var response = HTTPResponse.events(configuration) { [store] writer in
            do {
                for await line in events {
                    try await writer.send(ServerEvent(id: line.id, name: "message", data: line.line))
                }
            } catch {
                await store.unwatch(number)
                throw error
            }
            await store.unwatch(number)
        }
        response.headers.addSafety()
        return response
    }

    /// A WebSocket with a text for each message; `after` brings what came since.
    @Sendable private func live(_ request: HTTPRequest) async throws -> HTTPResponse? {
        guard try isMine(request) else { return nil }
        let socket = InboxSocket(store: store, last: request.query("after"))
        return .webSocket(for: request, configuration: InboxSocket.configuration) { try await socket.run($0) }
    }
}

extension HTTPResponse {
    /// An answer of JSON that nobody keeps.
    static func json(_ value: JSON, _ status: HTTPStatus = .ok) -> HTTPResponse {
        json(encoded: value.encoded(), status)
    }

    /// An answer of JSON in UTF-8.
    static func json(encoded bytes: [UInt8], _ status: HTTPStatus = .ok) -> HTTPResponse {
        var response = HTTPResponse(status, type: "application/json", body: bytes)
        response.headers.add("Cache-Control", "no-store")
        response.headers.addSafety()
        return response
    }
}
