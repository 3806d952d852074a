import CNghttp2
import Glibc

/// A response's head as it goes out: the status, and fields besides those of the response.
struct HTTP2ResponseHead {
    let status: HTTPStatus
    /// The `Date` field; none in an interim response.
    var date: String?
    var contentLength: Int?
    var fields = HTTPFields()
}

extension HTTP2Session {
    /// Sends a head, and then what the stream's output has; without a body the head ends the stream.
    func respond(_ stream: HTTP2Stream, _ head: HTTP2ResponseHead, hasBody: Bool) throws(HTTP2SessionError) {
        let code = Self.withFields(head) { fields in
            guard hasBody else {
                return nghttp2_submit_response(session, stream.id, fields.baseAddress, fields.count, nil)
            }
            var provider = nghttp2_data_provider()
            // The owner keeps the object until the stream is closed.
            provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
            provider.read_callback = Self.provide
            return nghttp2_submit_response(session, stream.id, fields.baseAddress, fields.count, &provider)
        }
        try Self.check(code, "nghttp2_submit_response")
    }

    /// Sends an interim response (RFC 9110 §15.2).
    func inform(_ stream: HTTP2Stream, _ status: HTTPStatus) throws(HTTP2SessionError) {
        let code = Self.withFields(HTTP2ResponseHead(status: status)) { fields in
            nghttp2_submit_headers(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, nil, fields.baseAddress, fields.count, nil)
        }
        try Self.check(code, "nghttp2_submit_headers")
    }

    /// Says that the output has bytes again, or has ended.
    func resume(_ stream: HTTP2Stream) {
        guard stream.output.isAwaited else { return }
        stream.output.isAwaited = false
        // Fails only when the stream is over, or waits for nothing.
        nghttp2_session_resume_data(session, stream.id)
    }

    /// Tells how much of the stream's body goes into the next frame; `send` moves it.
    private static var provide: nghttp2_data_source_read_callback {
        { handle, id, _, room, flags, source, data in
            guard let pointer = source?.pointee.ptr, let flags else {
                return ssize_t(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
            }
            let stream = Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
            let count = min(room, stream.output.count)
            if stream.output.isFinished, count == stream.output.count {
                flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
                if let trailers = stream.output.trailers, !trailers.isEmpty {
                    flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                    let code = HTTP2Session.withFields(trailers) {
                        nghttp2_submit_trailer(handle, id, $0.baseAddress, $0.count)
                    }
                    if code != 0 { return ssize_t(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
                }
            } else if count == 0 {
                stream.output.isAwaited = true
                return ssize_t(NGHTTP2_ERR_DEFERRED.rawValue)
            }
            if count > 0 { flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue }
            return count
        }
    }

    /// Writes a frame of a body.
    func send(_ stream: HTTP2Stream, _ head: UnsafePointer<UInt8>, _ count: Int) {
        output.append(contentsOf: UnsafeBufferPointer(start: head, count: 9))
        stream.output.move(count, onto: &output)
        events?.didSend(count, on: stream)
    }
}

// MARK: - Fields

extension HTTP2Session {
    /// Lends the head as nghttp2 takes it, which copies it.
    private static func withFields(
        _ head: HTTP2ResponseHead, _ body: (UnsafeBufferPointer<nghttp2_nv>) -> CInt
    ) -> CInt {
        let size = head.fields.byteCount + 96
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { bytes in
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: head.fields.count + 3) { entries in
                var writer = HTTP2FieldWriter(bytes, entries)
                writer.add(":status", String(head.status.rawValue))
                if let date = head.date { writer.add("date", date) }
                if let length = head.contentLength { writer.add("content-length", String(length)) }
                for field in head.fields { writer.add(field.name, field.value) }
                return body(writer.written)
            }
        }
    }

    private static func withFields(
        _ trailers: HTTPFields, _ body: (UnsafeBufferPointer<nghttp2_nv>) -> CInt
    ) -> CInt {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: trailers.byteCount + 1) { bytes in
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: trailers.count) { entries in
                var writer = HTTP2FieldWriter(bytes, entries)
                for field in trailers { writer.add(field.name, field.value) }
                return body(writer.written)
            }
        }
    }
}

extension HTTPFields {
    fileprivate var byteCount: Int { reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } }
}

/// Lays fields out in memory that is large enough, for nghttp2 to copy.
private struct HTTP2FieldWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let entries: UnsafeMutableBufferPointer<nghttp2_nv>
    private var used = 0
    private var count = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>, _ entries: UnsafeMutableBufferPointer<nghttp2_nv>) {
        self.bytes = bytes
        self.entries = entries
    }

    var written: UnsafeBufferPointer<nghttp2_nv> { UnsafeBufferPointer(rebasing: entries[..<count]) }

    /// Adds a field; nghttp2 makes the name lower case.
    mutating func add(_ name: String, _ value: String) {
        let name = copy(name)
        let value = copy(value)
        entries.initializeElement(
            at: count,
            to: nghttp2_nv(
                name: name.baseAddress, value: value.baseAddress, namelen: name.count, valuelen: value.count,
                flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
        count += 1
    }

    private mutating func copy(_ text: String) -> UnsafeMutableBufferPointer<UInt8> {
        let rest = UnsafeMutableBufferPointer(rebasing: bytes[used...])
        let (_, end) = rest.initialize(from: text.utf8)
        used += end
        return UnsafeMutableBufferPointer(rebasing: rest[..<end])
    }
}
