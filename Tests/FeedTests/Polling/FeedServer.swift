import Logging
import Synchronization
import Transport

/// A web server whose answers a test sets, path by path.
final class FeedServer: HTTPHandler {
    private struct State {
        var answers: [String: HTTPResponse] = [:]
        var requests: [HTTPRequest] = []
    }

    private let state = Mutex(State())

    /// Sets the answer to a path from now on.
    func answer(_ path: String, _ status: Int = 200, _ headers: HTTPFields = [:], _ body: String = "") {
        let response = HTTPResponse(HTTPStatus(rawValue: status), headers: headers, body: .bytes(Array(body.utf8)))
        state.withLock { $0.answers[path] = response }
    }

    /// The requests so far.
    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    var paths: [String] { requests.map(\.path) }

    func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        state.withLock { state in
            state.requests.append(request)
            let answer = state.answers[request.path] ?? HTTPResponse(HTTPStatus(rawValue: 404), text: "no such path")
            guard let tag = answer.headers["ETag"], request.headers["If-None-Match"] == tag else { return answer }
            return HTTPResponse(HTTPStatus(rawValue: 304), headers: ["ETag": tag])
        }
    }
}

/// A feed of entries with these ids, the newest first as feeds have them.
func rss(_ ids: [String], text: String = "x", ttl: Int? = nil) -> String {
    let items = ids.map {
        "<item><guid isPermaLink='false'>\($0)</guid><title>T\($0)</title><description>\(text)</description></item>"
    }
    return
        "<rss version='2.0'><channel><title>N</title>\(ttl.map { "<ttl>\($0)</ttl>" } ?? "")\(items.joined())</channel></rss>"
}
