import Messages

/// Why a poll failed.
enum FetchFault: Error, Sendable, Hashable {
    case badRedirection(from: String, location: String)
    case downgrade(from: String, to: String)
    case redirectionLoop(at: String)
    case tooManyRedirections(limit: Int)
    /// The server answered with a status that is no success.
    case status(Int, retryAfter: Duration?)
    /// 410: the feed is no more.
    case gone
    /// No answer; the text says why.
    case unreachable(reason: String)
    /// The file cannot be read.
    case unreadableFile(reason: String)
    /// The answer is no feed.
    case noFeed(FeedError)

    /// How long the server wants to be left alone.
    var retryAfter: Duration? {
        if case .status(_, let retryAfter) = self { retryAfter } else { nil }
    }
}

extension FetchFault: CustomStringConvertible {
    /// What happened, and what to do where somebody can do something.
    var description: String {
        switch self {
        case .badRedirection(let from, let location):
            "\(from) redirects to \"\(location.prefix(200))\", which is no web address"
        case .downgrade(let from, let to):
            "\(from) redirects to \(to), which is not encrypted; set that address if you trust it"
        case .redirectionLoop(let place): "the redirections lead back to \(place)"
        case .tooManyRedirections(let limit): "there are more than \(limit) redirections"
        case .status(401, _), .status(403, _): "the server refuses us; the feed may need a key in its address"
        case .status(404, _): "the feed is not there (404); check the address"
        case .status(let status, _): "the server answers \(status)"
        case .gone: "the feed is gone for good (410); remove it or set its new address"
        case .unreachable(let reason), .unreadableFile(let reason): reason
        case .noFeed(let error): error.description
        }
    }
}
