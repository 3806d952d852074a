/// How much a form may hold.
public struct MultipartLimits: Sendable, Hashable {
    /// The most parts.
    public var parts: Int
    /// The most bytes of the header fields of one part.
    public var headBytes: Int
    /// The most bytes of the content of one part.
    public var partBytes: Int

    /// Creates limits; the size of the whole is limited by the endpoint.
    public init(parts: Int = 100, headBytes: Int = 8_192, partBytes: Int = .max) {
        self.parts = max(0, parts)
        self.headBytes = max(0, headBytes)
        self.partBytes = max(0, partBytes)
    }
}

/// Reads a `multipart/form-data` body part by part, as it comes (RFC 7578).
///
/// ```swift
/// var reader = try MultipartReader(request)
/// while let part = try await reader.nextPart() {
///     while let bytes = try await reader.nextBytes() { … }
/// }
/// ```
public struct MultipartReader: Sendable {
    private var parser: MultipartParser
    private let body: HTTPBodyReader?
    private var isInPart = false
    private var pending: [UInt8]?

    /// Creates a reader of a request's body, be it whole in memory or read as it comes.
    ///
    /// - Throws: `MultipartError.notMultipart` or `.invalidBoundary`.
    public init(_ request: HTTPRequest, limits: MultipartLimits = MultipartLimits()) throws(MultipartError) {
        parser = MultipartParser(boundary: try Self.boundary(request.headers["content-type"]), limits: limits)
        body = request.bodyReader
        if body == nil { pending = request.body }
    }

    /// Tells whether a request says that its body is such a form.
    public static func isForm(_ headers: HTTPFields) -> Bool {
        guard let type = headers["content-type"] else { return false }
        return HTTPFields.isEqual(type.prefix { $0 != ";" }.trimmingHTTPSpace(), "multipart/form-data")
    }

    private static func boundary(_ type: String?) throws(MultipartError) -> String {
        guard let type, isForm(["content-type": type]) else { throw .notMultipart }
        let parameters: [String: String]
        do throws(MultipartError) {
            parameters = try HeaderParameters.read(type).parameters
        } catch {
            throw .invalidBoundary
        }
        guard let boundary = parameters["boundary"], 1...70 ~= boundary.utf8.count, boundary.last != " ",
            boundary.utf8.allSatisfy(isBoundaryCharacter)
        else { throw .invalidBoundary }
        return boundary
    }

    private static func isBoundaryCharacter(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "'()+_,-./:=? ".utf8.contains(byte)
    }

    /// The next part, or nil at the form's end; what was not read of the part before is passed over.
    ///
    /// - Throws: `MultipartError`; the reader is of no use then.
    public mutating func nextPart() async throws(MultipartError) -> MultipartPart? {
        while true {
            switch try await step() {
            case .part(let part):
                isInPart = true
                return part
            case .end: return nil
            case .endOfPart: isInPart = false
            case .content, .needsMore: continue
            }
        }
    }

    /// The next bytes of the part, at least one, or nil at its end.
    ///
    /// - Throws: `MultipartError`; the reader is of no use then.
    public mutating func nextBytes() async throws(MultipartError) -> [UInt8]? {
        guard isInPart else { return nil }
        while true {
            switch try await step() {
            case .content(let bytes): return bytes
            case .needsMore: continue
            case .endOfPart, .end, .part:
                isInPart = false
                return nil
            }
        }
    }

    /// The whole rest of the part.
    ///
    /// - Throws: `MultipartError`; `.partTooLarge` as soon as it has more than `limit` bytes.
    public mutating func collect(_ part: MultipartPart, limit: Int) async throws(MultipartError) -> [UInt8] {
        var result: [UInt8] = []
        while let bytes = try await nextBytes() {
            guard result.count + bytes.count <= limit else { throw .partTooLarge(name: part.name, limit: limit) }
            if result.isEmpty { result = bytes } else { result.append(contentsOf: bytes) }
        }
        return result
    }

    private mutating func step() async throws(MultipartError) -> MultipartParser.Step {
        let step = try parser.next()
        guard step == .needsMore else { return step }
        guard let bytes = try await moreBytes() else { throw .malformed("it ends before its last boundary") }
        parser.append(bytes)
        return .needsMore
    }

    private mutating func moreBytes() async throws(MultipartError) -> [UInt8]? {
        guard let body else {
            defer { pending = nil }
            return pending
        }
        do throws(HTTPBodyError) {
            return try await body.next()
        } catch {
            throw .body(error)
        }
    }
}
