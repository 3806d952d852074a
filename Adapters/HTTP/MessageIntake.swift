import AdapterKit
import Clocks
import Logging
import Messages
import Transport

/// The way of a request: who sent it, what it says, into the router, the answer.
struct MessageIntake: Sendable {
    private let access: AccessRule
    private let submissions: SubmissionReader
    private let events: EventReader
    private let context: AdapterContext
    private let bodyLimit: Int

    init(settings: HTTPSettings, context: AdapterContext) throws(MessageError) {
        access = AccessRule(settings: settings)
        submissions = try SubmissionReader(mailbox: context.mailbox)
        events = EventReader(mailbox: context.mailbox, eventHeader: settings.eventHeader)
        self.context = context
        bodyLimit = settings.bodyLimit
    }

    /// Answers `POST /v1/messages`; `nil` when the request is not for this mailbox.
    func takeMessages(_ request: HTTPRequest) async -> HTTPResponse? {
        switch access.judge(request) {
        case .unknown: return nil
        case .refused(let problem): return Answer.refused(problem)
        case .admitted(let client):
            // The path is shared, so the body was read up to the largest limit of all mailboxes.
            guard request.body.count <= bodyLimit else {
                return Answer.refused(Problem(413, "the body has more than \(bodyLimit) bytes"))
            }
            do throws(Problem) {
                try refuseOwn(request)
                let submission = try submissions.read(request.body, headers: request.headers, from: origin(client))
                return try await accept(submission, size: request.body.count, by: client, request)
            } catch {
                return Answer.refused(error)
            }
        }
    }

    /// Answers `POST /in/<mailbox>/<class>`, whose body is read only when the sender may hand it in.
    func takeEvent(_ request: HTTPRequest) async -> HTTPResponse? {
        do {
            var request = request
            if access.needsBody(request) || !UploadReader.isUpload(request.headers) {
                if let problem = access.refusesEvent(request) { throw problem }
                try await readWhole(&request)
            }
            switch access.judgeEvent(request, now: context.clock.now) {
            case .unknown: throw AccessRule.unauthorized(hasToken: Self.hasToken(request))
            case .refused(let problem): throw problem
            case .admitted(let client): return try await takeEvent(request, from: client)
            }
        } catch let error as Problem {
            return Answer.refused(error)
        } catch let error as AcceptError {
            return Answer.refused(Problem(error, spread: context.spread))
        } catch {
            return Answer.refused(notStored(error))
        }
    }

    private func takeEvent(_ request: HTTPRequest, from client: Client) async throws -> HTTPResponse {
        try refuseOwn(request)
        let name = request.parameters["class"] ?? ""
        // Before the bytes are moved.
        _ = try events.topic(name)
        guard UploadReader.isUpload(request.headers) else {
            let arrival = try events.read(request.body, headers: request.headers, class: name, from: origin(client))
            return try await accept(
                Submission(arrivals: [arrival], isBatch: false), size: request.body.count, by: client, request)
        }
        let upload = try await UploadReader(blobs: context.blobs).read(request)
        let arrival = try events.arrival(of: upload, headers: request.headers, class: name, from: origin(client))
        return try await accept(Submission(arrivals: [arrival], isBatch: false), size: .max, by: client, request)
    }

    private func readWhole(_ request: inout HTTPRequest) async throws(Problem) {
        guard let reader = request.bodyReader else { return }
        do throws(HTTPBodyError) {
            request.body = try await reader.collect(limit: bodyLimit)
        } catch {
            throw Problem(error)
        }
        request.bodyReader = nil
    }

    /// Answers what no mailbox took for its own.
    static func refuseUnclaimed(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.parameters["version"] == "v1" else { return nil }
        return Answer.refused(AccessRule.unauthorized(hasToken: hasToken(request)))
    }

    /// A webhook of this router that comes back to it would go round for ever: as an event it is a new message each time.
    private func refuseOwn(_ request: HTTPRequest) throws(Problem) {
        guard request.headers["postroad-router"] != context.router else {
            throw Problem(422, "webhook loop: the message was sent by this router")
        }
    }

    private static func hasToken(_ request: HTTPRequest) -> Bool { request.headers.contains("authorization") }

    private func origin(_ client: Client) -> SubmissionReader.Origin {
        SubmissionReader.Origin(client: client, now: context.clock.now) { [context] in context.makeMessageID() }
    }

    private func accept(
        _ submission: Submission, size: Int, by client: Client, _ request: HTTPRequest
    ) async throws(Problem) -> HTTPResponse {
        var arrivals = submission.arrivals
        let label = "\(client.name) from \(request.clientLabel)"
        for index in arrivals.indices { arrivals[index].client = label }
        guard !arrivals.isEmpty else { return Answer.accepted([], isBatch: submission.isBatch) }
        // A small body has no large part.
        if size > BlobReference.inlineLimit { try await moveLargeParts(of: &arrivals) }
        let acceptances: [Acceptance]
        do throws(AcceptError) {
            acceptances =
                arrivals.count == 1
                ? [try await context.accept(arrivals[0])] : try await context.acceptor.accept(arrivals)
        } catch {
            throw Problem(error, spread: context.spread)
        }
        if acceptances.contains(where: { $0.isDuplicate && !$0.hasSameFingerprint }) {
            throw Problem(422, "the idempotency key was used for another message; a new message needs a new key")
        }
        return Answer.accepted(acceptances, isBatch: submission.isBatch)
    }

    private func moveLargeParts(of arrivals: inout [Arrival]) async throws(Problem) {
        do {
            for index in arrivals.indices { try await arrivals[index].envelope.moveLargeParts(to: context.blobs) }
        } catch let error as AcceptError {
            throw Problem(error, spread: context.spread)
        } catch {
            throw notStored(error)
        }
    }

    private func notStored(_ error: any Error) -> Problem {
        context.logger.error("blob not stored", ["error": "\(error)"])
        return Problem(503, "a large part could not be stored", retryAfter: .seconds(5))
    }
}

extension HTTPRequest {
    /// Where it came from, as a trace tells it: the address that a trusted proxy told, or that of the connection.
    fileprivate var clientLabel: String {
        if isOverUnixSocket { return "a Unix socket" }
        return remoteAddress.ip.map { "\($0)" } ?? "an unknown address"
    }
}
