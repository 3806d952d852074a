import Clocks
import Messages

/// One request for a feed, without following redirections.
protocol FeedClient: Sendable {
    /// Asks for a place; the answer's body is whole and decompressed.
    ///
    /// - Throws: ``FetchFault/unreachable(reason:)``; `CancellationError` when the task is cancelled.
    func get(_ url: String, headers: [(name: String, value: String)]) async throws -> FeedAnswer
}

/// The answer to one request.
struct FeedAnswer: Sendable {
    var status: Int
    /// The header fields that matter, by name in lower case.
    var headers: [String: String]
    var body: [UInt8]
}

/// Reads a feed from the web: asks only for what has changed, and follows redirections as far as that is safe.
struct WebFeedSource: FeedSource {
    let client: any FeedClient
    let clock: any WallClock

    static let accept =
        "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

    func read(_ state: FeedState) async throws -> FeedReading {
        var trail = RedirectTrail(from: state.current)
        var answer = try await ask(trail.current, state)
        while RedirectTrail.isRedirection(answer.status) {
            try trail.follow(status: answer.status, location: answer.headers["location"])
            answer = try await ask(trail.current, state)
        }
        return try reading(of: answer, trail, state)
    }

    /// Validators go with every request of the trail: the place they came from is at its end.
    private func ask(_ url: String, _ state: FeedState) async throws -> FeedAnswer {
        var headers = [(name: "Accept", value: Self.accept)]
        if let tag = state.entityTag { headers.append(("If-None-Match", tag)) }
        if let date = state.lastModified { headers.append(("If-Modified-Since", date)) }
        return try await client.get(url, headers: headers)
    }

    private func reading(of answer: FeedAnswer, _ trail: RedirectTrail, _ state: FeedState) throws -> FeedReading {
        let now = clock.now
        var reading = FeedReading(permanent: trail.permanent)
        reading.lifetime = AnswerTimes.lifetime(
            cacheControl: answer.headers["cache-control"], expires: answer.headers["expires"], now: now)
        switch answer.status {
        case 200:
            reading.entityTag = answer.headers["etag"]
            reading.lastModified = answer.headers["last-modified"]
            let charset = answer.headers["content-type"].flatMap(ContentType.charset(in:))
            try reading.parse(
                answer.body, url: FeedLink.withoutUser(trail.current), charset: charset, unlessDigest: state.digest)
        case 304:
            // A 304 may bring a new tag (RFC 9111 §4.3.4).
            reading.entityTag = answer.headers["etag"] ?? state.entityTag
            reading.lastModified = answer.headers["last-modified"] ?? state.lastModified
            reading.digest = state.digest
        case 410: throw FetchFault.gone
        default:
            throw FetchFault.status(
                answer.status, retryAfter: AnswerTimes.retryAfter(answer.headers["retry-after"], now: now))
        }
        return reading
    }
}

/// What is needed of `Content-Type`.
enum ContentType {
    /// The `charset` parameter (RFC 9110 §8.3.2).
    static func charset(in value: String) -> String? {
        for parameter in value.split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, String(parts[0]).trimmed.lowercased() == "charset" else { continue }
            return String(parts[1]).trimmed.split(separator: "\"").first.map(String.init)
        }
        return nil
    }
}
