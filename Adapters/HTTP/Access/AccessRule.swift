import AdapterKit
import Messages
import Transport

/// Who may hand in messages by a mailbox, and whom they are from.
struct AccessRule: Sendable {
    /// What a request's headers say.
    enum Verdict: Sendable, Hashable {
        /// It is from this client.
        case admitted(Client)
        /// Nothing shows that it is meant for this mailbox.
        case unknown
        /// It is meant for this mailbox, and must not come in.
        case refused(Problem)
    }

    let settings: HTTPSettings

    /// Judges a request by its token, or as one of this machine when the mailbox asks for no secret.
    func judge(_ request: HTTPRequest) -> Verdict {
        if let authorization = request.headers["authorization"] {
            return settings.tokens.holder(of: authorization).map { .admitted($0) } ?? .unknown
        }
        guard let local = settings.local, request.isFromLoopback else { return .unknown }
        if request.isOverUnixSocket { return .admitted(local) }
        if let fault = request.localFault { return .refused(Problem(403, fault)) }
        let type = MediaType(request.headers["content-type"])
        if type?.isSentWithoutAsking ?? true { return .refused(Self.wrongType(type)) }
        return .admitted(local)
    }

    /// Judges a request to `/in/…`, which may be signed.
    func judgeEvent(_ request: HTTPRequest, now: Timestamp) -> Verdict {
        guard let signature = settings.signature else { return judge(request) }
        if let authorization = request.headers["authorization"],
            let client = settings.tokens.holder(of: authorization)
        {
            return .admitted(client)
        }
        do throws(Problem) {
            try signature.rule.check(body: request.body, now: now) { request.headers[$0] }
            return .admitted(signature.signer)
        } catch {
            return .refused(error)
        }
    }

    /// Whether the body itself shows who sent it.
    func needsBody(_ request: HTTPRequest) -> Bool {
        guard settings.signature != nil else { return false }
        return request.headers["authorization"].flatMap { settings.tokens.holder(of: $0) } == nil
    }

    /// Why a request to `/in/…` is not taken, as far as its head tells; nil when it may be.
    func refusesEvent(_ request: HTTPRequest) -> Problem? {
        guard settings.signature == nil else { return nil }
        switch judge(request) {
        case .admitted: return nil
        case .refused(let problem): return problem
        case .unknown: return Self.unauthorized(hasToken: request.headers.contains("authorization"))
        }
    }

    /// The answer to a request that no mailbox takes for its own (RFC 6750 §3).
    static func unauthorized(hasToken: Bool) -> Problem {
        Problem(
            401,
            hasToken
                ? "no mailbox knows this token"
                : "a token is needed: Authorization: Bearer …, as routes.yaml names them at mailboxes.….tokens")
    }

    private static func wrongType(_ type: MediaType?) -> Problem {
        Problem(
            415,
            "without a token the body must not have the type \(type?.essence ?? "of nothing"), which any web page can "
                + "send; send JSON with Content-Type: application/json (curl --json), or give the mailbox a token")
    }
}
