/// Serves the files of a folder, and nothing outside it.
///
/// Names with a dot in front are not there, nor is anything behind a symbolic link. Of a name that ends with a slash, or
/// is a folder's, `index.html` is served. Beside `app.js` there may be `app.js.br` and `app.js.gz`, made before.
public struct StaticFolder: Sendable {
    private let path: String
    private let cacheControl: String
    private let pool: ThreadPool

    /// Serves a folder; the files are looked at for each request.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - cacheControl: The value of `Cache-Control`.
    ///   - maximalThreads: How many files are read at one time; reading blocks, so it has threads of its own.
    public init(_ path: String, cacheControl: String = "no-cache", maximalThreads: Int = 4) {
        self.path = path
        self.cacheControl = cacheControl
        pool = ThreadPool(name: "files", maximalThreads: maximalThreads)
    }

    /// An endpoint for all files of the folder below a path such as `/assets`.
    ///
    /// - Throws: `HTTPPatternError` when the path is malformed.
    public func route(below prefix: String) throws(HTTPPatternError) -> HTTPRoute {
        let depth = try HTTPPathPattern(prefix).segments.count
        return try HTTPRoute(.get, prefix == "/" ? "/{file...}" : "\(prefix)/{file...}") { request in
            await response(to: request, file: Array(request.head.segments.dropFirst(depth)))
        }
    }

    /// The answer to a request for a file by the names of its path below the folder; nil when there is none.
    public func response(to request: HTTPRequest, file names: [String]) async -> HTTPResponse? {
        guard names.allSatisfy(Self.isServed) else { return nil }
        let codings = Self.codings(wantedBy: request.headers)
        guard
            let (file, coding) = await pool.value({ [path] in Self.open(names, below: path, codings) }) ?? nil
        else { return nil }
        var headers: HTTPFields = ["Cache-Control": cacheControl, "Vary": "Accept-Encoding"]
        if coding != .identity { headers["Content-Encoding"] = coding.rawValue }
        let type = MediaTypes.type(ofFile: file.isIndex ? Self.indexName : names.last ?? Self.indexName)
        let content = HTTPContent(
            .reader(StaticFileReader(file, pool), length: file.length), mediaType: type,
            tag: file.tag.coded(coding), lastModified: file.lastModified, headers: headers)
        return .content(content, for: request)
    }

    private static var indexName: String { "index.html" }

    /// A segment may hold a slash that was sent as `%2F`.
    private static func isServed(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 255 && !name.utf8.contains(UInt8(ascii: "/"))
            && !name.utf8.contains(0)
    }

    /// The codings worth looking for, the best one first.
    private static func codings(wantedBy headers: HTTPFields) -> [ContentCoding] {
        var left = [ContentCoding.brotli, .gzip]
        var order: [ContentCoding] = []
        while true {
            let best = ContentCoding.best(of: left, for: headers)
            order.append(best)
            if best == .identity { return order }
            left.removeAll { $0 == best }
        }
    }

    private static func open(
        _ names: [String], below path: String, _ codings: [ContentCoding]
    ) -> (StaticFile, ContentCoding)? {
        // A file made before stands for its original, so that has to be there.
        guard let original = StaticFile(names, below: path, index: indexName) else { return nil }
        for coding in codings where coding != .identity {
            let isIndex = original.isIndex
            var coded = isIndex ? names + [indexName] : names
            guard let last = coded.popLast() else { continue }
            coded.append(last + coding.fileEnding)
            guard var file = StaticFile(coded, below: path, index: nil) else { continue }
            file.isIndex = isIndex
            return (file, coding)
        }
        return (original, .identity)
    }
}

/// Reads a file on threads that may block.
private struct StaticFileReader: ContentReading {
    private let file: StaticFile
    private let pool: ThreadPool

    init(_ file: StaticFile, _ pool: ThreadPool) {
        self.file = file
        self.pool = pool
    }

    func read(at offset: Int, upTo count: Int) async throws -> [UInt8] {
        guard let result = await pool.value({ file.read(at: offset, upTo: count) }) else {
            throw TransportError.system(operation: "pthread_create", code: -11, subject: "reading a file")
        }
        return try result.get()
    }
}

extension ThreadPool {
    /// Runs the work and returns what it makes; nil when the system has no thread for it.
    func value<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            if !run({ continuation.resume(returning: work()) }) { continuation.resume(returning: nil) }
        }
    }
}
