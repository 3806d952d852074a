import AdapterKit
import Logging
import Messages

/// What is logged of a feed; never a text of it.
struct FeedLog: Sendable {
    let logger: Logger

    func mended(_ fault: String) { logger.debug("feed has faults", ["fault": fault]) }

    func renamed(_ count: Int) {
        logger.warning(
            "feed has changed its ids; entries with known links or titles are not posted again", ["entries": count])
    }

    func waiting(_ count: Int) { logger.info("posts wait for the next poll", ["posts": count]) }

    func unreadable(_ key: String) { logger.warning("a post that waited cannot be read and is dropped", ["key": key]) }

    func moved(to target: String) {
        logger.warning("feed has moved for good; set its new address", ["address": FeedLog.withoutSecrets(target)])
    }

    func failed(_ fault: FetchFault, failures: Int) {
        logger.debug("poll failed", ["reason": FeedLog.withoutSecrets(fault.description), "failures": failures])
    }

    func failing(_ fault: FetchFault, failures: Int) {
        logger.warning("feed fails", ["reason": FeedLog.withoutSecrets(fault.description), "failures": failures])
    }

    func gone(_ fault: FetchFault) { logger.warning("feed is polled no longer", ["reason": fault.description]) }

    func recovered(after failures: Int) { logger.info("feed works again", ["failures": failures]) }

    func refused(_ post: FeedPost, reason: String) {
        logger.warning("the router refuses an entry", ["entry": post.key, "reason": reason])
    }

    func busy(_ error: AcceptError) {
        logger.warning("the router takes no posts; they wait", ["reason": error.description])
    }

    /// Private feeds carry their key in the query or before the host; neither is shown.
    static func withoutSecrets(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            guard let scheme = word.firstRange(of: "://") else { return String(word) }
            let rest = word[scheme.upperBound...]
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
            let tail = rest[authority.endIndex...]
            let path = tail.prefix { $0 != "?" }
            return "\(word[..<scheme.upperBound])\(host)\(path)\(path.endIndex < tail.endIndex ? "?…" : "")"
        }.joined(separator: " ")
    }
}
