import CNghttp2

extension HTTP2Session {
    /// The session outlives the calls in which nghttp2 calls back.
    private static func from(_ data: UnsafeMutableRawPointer?) -> HTTP2Session? {
        guard let data else { return nil }
        return Unmanaged<HTTP2Session>.fromOpaque(data).takeUnretainedValue()
    }

    /// The head of a frame, which every kind of frame begins with (nghttp2.h, `nghttp2_frame`).
    private static func head(of frame: UnsafePointer<nghttp2_frame>?) -> HTTP2FrameHead? {
        guard let frame else { return nil }
        return HTTP2FrameHead(UnsafeRawPointer(frame).assumingMemoryBound(to: nghttp2_frame_hd.self).pointee)
    }

    static func setCallbacks(_ callbacks: OpaquePointer?) {
        setFrameCallbacks(callbacks)
        setFieldCallbacks(callbacks)
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, bytes, count, data in
            guard let session = HTTP2Session.from(data), let stream = session.stream(id) else { return 0 }
            session.events?.didReceive(UnsafeRawBufferPointer(start: bytes, count: count), on: stream)
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, _, data in
            guard let session = HTTP2Session.from(data), let stream = session.stream(id) else { return 0 }
            if session.current === stream { session.current = nil }
            session.events?.didClose(stream)
            return 0
        }
        nghttp2_session_callbacks_set_send_data_callback(callbacks) { _, frame, head, count, source, data in
            guard let session = HTTP2Session.from(data), let head, let stream = source?.pointee.ptr else {
                return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
            }
            session.send(Unmanaged.fromOpaque(stream).takeUnretainedValue(), head, count)
            return 0
        }
    }

    private static func setFrameCallbacks(_ callbacks: OpaquePointer?) {
        nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, head, data in
            guard let session = HTTP2Session.from(data), let head else { return 0 }
            guard let code = session.events?.willReceive(HTTP2FrameHead(head.pointee)) else { return 0 }
            session.refusal = code
            return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, data in
            guard let session = HTTP2Session.from(data), let frame, let head = HTTP2Session.head(of: frame) else {
                return 0
            }
            switch head.type {
            case HTTP2FrameHead.headers: session.didReceiveFields(head, frame.pointee.headers.cat)
            case HTTP2FrameHead.data: session.didReceive(head, session.stream(head.id))
            case UInt8(NGHTTP2_PING.rawValue) where head.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0:
                session.events?.didReceivePong()
            default: break
            }
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, data in
            guard let session = HTTP2Session.from(data), let frame, let head = HTTP2Session.head(of: frame) else {
                return 0
            }
            if head.type == HTTP2FrameHead.reset {
                let code = HTTP2ErrorCode(rawValue: frame.pointee.rst_stream.error_code)
                if code != .noError, code != .cancel, code != .internalError { session.events?.didSpoil() }
            }
            if head.type == HTTP2FrameHead.goAway { session.didSendGoAway(last: frame.pointee.goaway.last_stream_id) }
            guard head.flags & HTTP2FrameHead.endStream != 0, head.type <= HTTP2FrameHead.headers,
                let stream = session.stream(head.id)
            else { return 0 }
            stream.output.isSent = true
            session.events?.didSendEnd(stream)
            return 0
        }
    }

    private static func setFieldCallbacks(_ callbacks: OpaquePointer?) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, data in
            guard let session = HTTP2Session.from(data), let frame, let head = HTTP2Session.head(of: frame) else {
                return 0
            }
            if frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
                session.current = session.events?.openStream(head.id)
                session.attach(session.current, to: head.id)
            } else {
                session.current = session.stream(head.id)
            }
            session.current?.block = HTTP2FieldBlock()
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) { _, _, name, nameCount, value, count, _, data in
            guard let session = HTTP2Session.from(data), let stream = session.current, let events = session.events
            else { return 0 }
            let limit = events.headLimit
            stream.block?.add(
                UnsafeRawBufferPointer(start: name, count: nameCount),
                UnsafeRawBufferPointer(start: value, count: count), limit: limit)
            // Some bytes of compressed fields can stand for megabytes: their client gets no 431.
            let isBomb = stream.block.map { $0.size > 4 * limit + 65_536 } ?? false
            guard isBomb else { return 0 }
            session.refusal = .enhanceYourCalm
            return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
        }
        // Without it nghttp2 would leave out a malformed field and go on (RFC 9113 §8.2.1 forbids that).
        nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks) { _, _, _, _, _, _, _, _ in
            NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
        }
    }

    private func didReceiveFields(_ head: HTTP2FrameHead, _ category: nghttp2_headers_category) {
        guard let stream = current else { return }
        current = nil
        let hasEnded = head.flags & HTTP2FrameHead.endStream != 0
        if hasEnded { stream.hasEnded = true }
        events?.didReceiveFields(stream, isTrailer: category != NGHTTP2_HCAT_REQUEST)
        stream.block = nil
        if hasEnded { events?.didReceiveEnd(stream) }
    }

    private func didReceive(_ head: HTTP2FrameHead, _ stream: HTTP2Stream?) {
        guard let stream, head.flags & HTTP2FrameHead.endStream != 0 else { return }
        stream.hasEnded = true
        events?.didReceiveEnd(stream)
    }
}

extension HTTP2FrameHead {
    fileprivate init(_ head: nghttp2_frame_hd) {
        self.init(type: head.type, flags: head.flags, length: head.length, id: head.stream_id)
    }
}
