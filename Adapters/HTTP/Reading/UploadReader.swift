import AdapterKit
import Crypto
import Messages
import Transport

/// Reads a body of `POST /in/<mailbox>/<class>` that is a file, or a form with files, as it comes: what is large goes to
/// the blob store and is never in memory as a whole.
struct UploadReader: Sendable {
    let blobs: any BlobStore

    /// The most bytes of a form's field that is no file.
    static let fieldLimit = 1_048_576

    /// What arrived.
    struct Upload: Sendable {
        var payload: Payload
        /// The digest of a body that is one file.
        var digest: [UInt8]?

        /// What tells a repetition from another message; of a form the parts do, as its boundary is another each time.
        func fingerprint() throws(CryptoError) -> [UInt8] {
            if let digest { return digest }
            var hash = try SHA256()
            for part in payload.parts {
                try hash.update("\(part.mediaType ?? "") \(part.name ?? "")\n".utf8)
                try hash.update(part.content.facts)
            }
            return try hash.finish().bytes
        }
    }

    /// Tells whether the body is not to be parsed as a whole.
    static func isUpload(_ headers: HTTPFields) -> Bool {
        guard !headers.contains("ce-specversion"), let type = MediaType(headers["content-type"]) else { return false }
        return !type.isJSON && !type.isText && !type.isForm && type.essence != "application/cloudevents+json"
    }

    /// Reads the body.
    ///
    /// - Throws: ``Problem``, and what the blob store throws.
    func read(_ request: HTTPRequest) async throws -> Upload {
        if MultipartReader.isForm(request.headers) { return Upload(payload: try await form(request)) }
        let type = MediaType(request.headers["content-type"])?.essence ?? "application/octet-stream"
        let body = request.bodyReader
        // A body that was read whole, as its signature needed that.
        let whole = FirstPiece(request.body)
        let (content, digest) = try await store {
            do throws(HTTPBodyError) {
                if let bytes = await whole.take(), !bytes.isEmpty { return bytes }
                return try await body?.next()
            } catch {
                throw Problem(error)
            }
        }
        guard let content else { return Upload(payload: Payload(.null)) }
        let part = Part(type: PartType(mediaType: type), mediaType: type, content: content)
        return Upload(payload: Payload(parts: [part]), digest: digest)
    }

    /// The fields of a form as an object, as of one without files, and its files.
    private func form(_ request: HTTPRequest) async throws -> Payload {
        var fields = JSONObject()
        var files: [Part] = []
        let reader: FormParts
        do throws(MultipartError) {
            reader = FormParts(try MultipartReader(request))
        } catch {
            throw Problem(error)
        }
        while let field = try await reader.nextPart() {
            if let fileName = field.fileName {
                guard let content = try await store({ try await reader.nextBytes() }).0 else { continue }
                let type = MediaType(field.mediaType)?.essence ?? "application/octet-stream"
                files.append(
                    Part(
                        type: PartType(mediaType: type), mediaType: type, name: fileName.isEmpty ? nil : fileName,
                        content: content))
            } else {
                fields[field.name] = .string(try await text(of: field.name, reader))
            }
        }
        var payload = fields.members.isEmpty ? Payload(.null) : Payload(.object(fields))
        payload.parts += files
        return payload
    }

    private func text(of name: String, _ reader: FormParts) async throws -> String {
        var bytes: [UInt8] = []
        while let more = try await reader.nextBytes() {
            bytes += more
            guard bytes.count <= Self.fieldLimit else {
                throw Problem(413, "the field \"\(name.prefix(80))\" has more than \(Self.fieldLimit) bytes")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Problem(400, "the form is not UTF-8") }
        return text
    }

    /// Keeps what is small in the envelope, and moves what is large to the blob store; nil for nothing.
    private func store(
        _ next: @escaping @Sendable () async throws -> [UInt8]?
    ) async throws -> (PartContent?, digest: [UInt8]?) {
        var head: [UInt8] = []
        while head.count <= BlobReference.inlineLimit {
            guard let bytes = try await next() else {
                guard !head.isEmpty else { return (nil, nil) }
                return (.bytes(head), try SHA256.digest(of: head).bytes)
            }
            head += bytes
        }
        let first = FirstPiece(head)
        let blob = try await blobs.store {
            if let bytes = await first.take() { return bytes }
            return try await next()
        }
        return (.blob(blob), SHA256Digest(hex: blob.digest)?.bytes)
    }
}

extension PartContent {
    /// Bytes that two contents share only when they are equal.
    fileprivate var facts: [UInt8] {
        switch self {
        case .text(let text, _): Array(text.utf8)
        case .bytes(let bytes): bytes
        case .value(let value): value.encoded()
        case .blob(let blob): Array(blob.digest.utf8)
        }
    }
}

/// What was read before it was known to be large.
private actor FirstPiece {
    private var bytes: [UInt8]?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func take() -> [UInt8]? {
        defer { bytes = nil }
        return bytes
    }
}

/// A form that tasks take turns at, with the errors of answers.
private actor FormParts {
    private var reader: MultipartReader?

    init(_ reader: MultipartReader) {
        self.reader = reader
    }

    func nextPart() async throws -> MultipartPart? {
        try await step { reader throws(MultipartError) in try await reader.nextPart() }
    }

    func nextBytes() async throws -> [UInt8]? {
        try await step { reader throws(MultipartError) in try await reader.nextBytes() }
    }

    private func step<Value: Sendable>(
        _ body: (inout MultipartReader) async throws(MultipartError) -> Value?
    ) async throws -> Value? {
        // Taken out, as another task must not find it half-way.
        guard var reader = reader.take() else { return nil }
        defer { self.reader = reader }
        do throws(MultipartError) {
            return try await body(&reader)
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    /// What a body that does not come to its end is answered with.
    init(_ error: HTTPBodyError) {
        switch error {
        case .tooLarge(let limit): self.init(413, "the body has more than \(limit) bytes")
        case .tooSlow: self.init(408, "the body came too slowly")
        case .malformed(let reason): self.init(400, reason)
        case .lost, .cancelled: self.init(400, "the body did not come to its end")
        }
    }

    /// What a form that cannot be read is answered with.
    init(_ error: MultipartError) {
        switch error {
        case .body(let error): self.init(error)
        case .notMultipart: self.init(415, error.description)
        case .invalidBoundary, .malformed: self.init(400, error.description)
        case .tooManyParts, .headTooLarge, .partTooLarge: self.init(413, error.description)
        }
    }
}
