import Crypto
import Messages

/// Where a feed is read from: the web or the disk.
protocol FeedSource: Sendable {
    /// Reads the feed if it has changed since the state was made.
    ///
    /// - Throws: ``FetchFault``; `CancellationError` when the task is cancelled.
    func read(_ state: FeedState) async throws -> FeedReading
}

/// What a poll of a source gave.
struct FeedReading: Sendable {
    /// The feed; `nil` when it has not changed.
    var document: FeedDocument?
    /// `ETag` to ask with the next time.
    var entityTag: String?
    /// `Last-Modified` to ask with the next time.
    var lastModified: String?
    /// A digest of the document.
    var digest: String?
    /// How long the answer is fresh.
    var lifetime: Duration?
    /// The last place that only permanent redirections led to; the place that was asked when there were none.
    var permanent: String
}

extension FeedReading {
    /// Parses a document, unless it is the one that was read before.
    ///
    /// - Throws: ``FetchFault/noFeed(_:)``.
    mutating func parse(_ bytes: [UInt8], url: String?, charset: String?, unlessDigest old: String?) throws {
        let digest = try SHA256.digest(of: bytes).hex
        self.digest = digest
        guard digest != old else { return }
        do {
            document = try FeedParser(url: url, charset: charset).parse(bytes)
        } catch {
            throw FetchFault.noFeed(error)
        }
    }
}
