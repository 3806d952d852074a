import CNghttp2

/// Why a session cannot go on.
enum HTTP2SessionError: Error {
    /// A function of nghttp2 failed: its name and the number it gave.
    case nghttp2(operation: StaticString, code: CInt)
    /// The client did what ends the connection.
    case refused(HTTP2ErrorCode)

    /// What the client is told.
    var code: HTTP2ErrorCode {
        switch self {
        case .refused(let code): code
        case .nghttp2(_, NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue): .protocolError
        case .nghttp2(_, NGHTTP2_ERR_FLOODED.rawValue), .nghttp2(_, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue):
            .enhanceYourCalm
        case .nghttp2: .internalError
        }
    }

    /// What nghttp2 calls the error.
    var text: String {
        switch self {
        case .refused(let code): "refused: \(code)"
        case .nghttp2(let operation, let code): "\(operation): \(String(cString: nghttp2_strerror(code)))"
        }
    }
}

/// What a session tells of the frames that come and go, during the calls of its methods.
protocol HTTP2SessionEvents: AnyObject {
    /// A frame has begun; a code when the connection is to be ended because of it.
    func willReceive(_ frame: HTTP2FrameHead) -> HTTP2ErrorCode?
    /// A request begins.
    func openStream(_ id: Int32) -> HTTP2Stream
    /// The most bytes of a header block that are kept.
    var headLimit: Int { get }
    /// The header block of a request, or of the trailer, is whole.
    func didReceiveFields(_ stream: HTTP2Stream, isTrailer: Bool)
    /// Bytes of a body.
    func didReceive(_ bytes: UnsafeRawBufferPointer, on stream: HTTP2Stream)
    /// The client has ended its side.
    func didReceiveEnd(_ stream: HTTP2Stream)
    /// The client has answered a PING.
    func didReceivePong()
    /// The response is out to its last byte.
    func didSendEnd(_ stream: HTTP2Stream)
    /// So much of a response's body is out.
    func didSend(_ count: Int, on stream: HTTP2Stream)
    /// A request was given up because of what the client did.
    func didSpoil()
    /// The stream is over.
    func didClose(_ stream: HTTP2Stream)
}

/// The head of a frame (RFC 9113 §4.1).
struct HTTP2FrameHead {
    let type: UInt8
    let flags: UInt8
    let length: Int
    let id: Int32

    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let priority: UInt8 = 2
    static let reset: UInt8 = 3
    static let goAway: UInt8 = 7
    static let continuation: UInt8 = 9
    static let endStream: UInt8 = 1
}

/// Owns an nghttp2 session of a server: bytes go in, events and bytes come out.
///
/// Used on one thread only. The streams' objects belong to the owner, from `openStream` to `didClose`, and at the
/// session's end.
final class HTTP2Session {
    /// For the files of this type only.
    private(set) var session: OpaquePointer?
    /// Who is told, while a call of nghttp2 is under way.
    var events: (any HTTP2SessionEvents)?
    /// The stream whose header block is coming.
    var current: HTTP2Stream?
    /// Why a callback has ended the session.
    var refusal: HTTP2ErrorCode?
    /// What is to be written.
    var output: [UInt8] = []

    /// Creates a session, whose settings are the first bytes that come out.
    init(_ configuration: HTTP2Configuration, headLimit: Int) throws(HTTP2SessionError) {
        try create()
        var settings = [
            entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, configuration.maximalStreams),
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, configuration.streamWindow),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, headLimit),
            entry(NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1),
            entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
        ]
        // Only what differs from the initial values needs to be said (RFC 9113 §6.5.2).
        if configuration.frameLimit != 16_384 {
            settings.append(entry(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, configuration.frameLimit))
        }
        if configuration.headerTableSize != 4_096 {
            settings.append(entry(NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, configuration.headerTableSize))
        }
        try Self.check(
            nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count),
            "nghttp2_submit_settings")
        try Self.check(
            nghttp2_session_set_local_window_size(session, 0, 0, Int32(clamping: configuration.connectionWindow)),
            "nghttp2_session_set_local_window_size")
    }

    deinit {
        nghttp2_session_del(session)
    }

    private func create() throws(HTTP2SessionError) {
        var callbacks: OpaquePointer?
        var options: OpaquePointer?
        try Self.check(nghttp2_session_callbacks_new(&callbacks), "nghttp2_session_callbacks_new")
        defer { nghttp2_session_callbacks_del(callbacks) }
        try Self.check(nghttp2_option_new(&options), "nghttp2_option_new")
        defer { nghttp2_option_del(options) }
        Self.setCallbacks(callbacks)
        // Credit is given for what the application has taken, by `consume`.
        nghttp2_option_set_no_auto_window_update(options, 1)
        nghttp2_option_set_no_closed_streams(options, 1)
        // The owner counts resets, with an error code of its own.
        nghttp2_option_set_stream_reset_rate_limit(options, 1_000_000, 1_000_000)
        try Self.check(
            nghttp2_session_server_new2(&session, callbacks, Unmanaged.passUnretained(self).toOpaque(), options),
            "nghttp2_session_server_new2")
    }

    private func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
    }

    static func check(_ code: CInt, _ operation: StaticString) throws(HTTP2SessionError) {
        if code < 0 { throw .nghttp2(operation: operation, code: code) }
    }
}

// MARK: - Bytes in, bytes out

extension HTTP2Session {
    /// Takes bytes in.
    ///
    /// - Throws: When the session cannot go on; the client may be told by `terminate`.
    func receive(_ bytes: [UInt8], _ events: any HTTP2SessionEvents) throws(HTTP2SessionError) {
        self.events = events
        defer { self.events = nil }
        let count = nghttp2_session_mem_recv(session, bytes, bytes.count)
        if let refusal { throw .refused(refusal) }
        if count < 0 { throw .nghttp2(operation: "nghttp2_session_mem_recv", code: CInt(count)) }
    }

    /// Takes out what is to be written, about so many bytes at most; empty when there is nothing.
    func takeOutput(limit: Int, _ events: any HTTP2SessionEvents) throws(HTTP2SessionError) -> [UInt8] {
        self.events = events
        defer { self.events = nil }
        while output.count < limit {
            var bytes: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(session, &bytes)
            guard count >= 0 else { throw .nghttp2(operation: "nghttp2_session_mem_send", code: CInt(count)) }
            if count == 0 { break }
            output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        }
        defer { output = [] }
        return output
    }

    /// Tells whether nothing more is to be read or written, so that the connection can be closed.
    var isOver: Bool { nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0 }

    /// How many frames wait to be written.
    var outboundFrames: Int { nghttp2_session_get_outbound_queue_size(session) }

    /// Gives credit for bytes of a body.
    func consume(_ count: Int, of stream: HTTP2Stream) throws(HTTP2SessionError) {
        try Self.check(nghttp2_session_consume(session, stream.id, count), "nghttp2_session_consume")
    }

    /// Gives credit for bytes of a body whose stream is over.
    func consumeClosed(_ count: Int) throws(HTTP2SessionError) {
        try Self.check(nghttp2_session_consume_connection(session, count), "nghttp2_session_consume_connection")
    }

    func stream(_ id: Int32) -> HTTP2Stream? {
        guard let data = nghttp2_session_get_stream_user_data(session, id) else { return nil }
        return Unmanaged<HTTP2Stream>.fromOpaque(data).takeUnretainedValue()
    }

    /// Lets a stream be found by its number until it is closed; the caller keeps the object.
    func attach(_ stream: HTTP2Stream?, to id: Int32) {
        // Fails only for a stream that there is not, which is then not found.
        nghttp2_session_set_stream_user_data(
            session, id, stream.map { Unmanaged.passUnretained($0).toOpaque() })
    }
}

// MARK: - Ending

extension HTTP2Session {
    /// Gives up a stream.
    func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) throws(HTTP2SessionError) {
        try Self.check(
            nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue),
            "nghttp2_submit_rst_stream")
    }

    /// Ends the connection with an error, or for good.
    func terminate(_ code: HTTP2ErrorCode) throws(HTTP2SessionError) {
        try Self.check(nghttp2_session_terminate_session(session, code.rawValue), "nghttp2_session_terminate_session")
    }

    /// Tells the client to begin no more requests, and asks for a sign that it knows (RFC 9113 §6.8).
    func announceEnd() throws(HTTP2SessionError) {
        try Self.check(nghttp2_submit_shutdown_notice(session), "nghttp2_submit_shutdown_notice")
    }

    /// The PING follows the GOAWAY that it asks about; handed over together it would overtake it.
    func didSendGoAway(last stream: Int32) {
        guard stream == .max else { return }
        // Fails only without memory; then the time limit is waited for.
        nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
    }

    /// Takes no more requests than those that have begun.
    func refuseMore() throws(HTTP2SessionError) {
        try Self.check(
            nghttp2_submit_goaway(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nghttp2_session_get_last_proc_stream_id(session),
                HTTP2ErrorCode.noError.rawValue, nil, 0),
            "nghttp2_submit_goaway")
    }
}

/// Why a stream or a connection is ended (RFC 9113 §7).
enum HTTP2ErrorCode: UInt32 {
    case noError = 0x0
    case protocolError = 0x1
    case internalError = 0x2
    case streamClosed = 0x5
    case refusedStream = 0x7
    case cancel = 0x8
    case enhanceYourCalm = 0xB
}
