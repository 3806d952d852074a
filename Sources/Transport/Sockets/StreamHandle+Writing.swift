import CUV

extension StreamHandle {
    /// Writes what the kernel takes at once.
    ///
    /// - Returns: The number of bytes it took, 0 when it takes none now, or libuv's negative number of an error.
    func tryWrite(_ first: [UInt8], _ second: [UInt8]) -> CInt {
        guard isOpen else { return UV_ECANCELED.rawValue }
        let code = first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                var buffers = (Self.buffer(first), Self.buffer(second))
                return withUnsafePointer(to: &buffers) {
                    // A tuple of one type lies in memory as an array does.
                    $0.withMemoryRebound(to: uv_buf_t.self, capacity: 2) {
                        uv_try_write(stream, $0, second.isEmpty ? 1 : 2)
                    }
                }
            }
        }
        return code == UV_EAGAIN.rawValue ? 0 : code
    }

    /// Writes the rest in the background; the continuation learns when it is done.
    func write(_ bytes: [UInt8], deadline: Int64?, _ continuation: StreamRequest.Continuation) {
        guard isOpen else {
            continuation.resume(returning: .failure(failure))
            return
        }
        let request = StreamRequest(self, "write", uv_req_size(UV_WRITE), bytes: bytes, continuation)
        var buffer = Self.buffer(UnsafeRawBufferPointer(request.bytes))
        let argument: UnsafeMutablePointer<uv_write_t> = request.start()
        let code = uv_write(argument, stream, &buffer, 1) { argument, status in
            StreamRequest.finish(argument?.pointee.data, status)
        }
        if code < 0 {
            StreamRequest.finish(argument.pointee.data, code)
        } else {
            writeDeadline = writeDeadline ?? deadline
        }
    }

    func shutdown(_ continuation: StreamRequest.Continuation) {
        guard isOpen else {
            continuation.resume(returning: .failure(failure))
            return
        }
        let request = StreamRequest(self, "shutdown", uv_req_size(UV_SHUTDOWN), bytes: [], continuation)
        let argument: UnsafeMutablePointer<uv_shutdown_t> = request.start()
        let code = uv_shutdown(argument, stream) { argument, status in
            StreamRequest.finish(argument?.pointee.data, status)
        }
        if code < 0 { StreamRequest.finish(argument.pointee.data, code) }
    }

    func connect(to address: SocketAddress, _ continuation: StreamRequest.Continuation) {
        let request = StreamRequest(
            self, "connect", to: "\(address)", uv_req_size(UV_CONNECT), bytes: [], continuation)
        let argument: UnsafeMutablePointer<uv_connect_t> = request.start()
        if case .unix(let path) = address {
            uv_pipe_connect(argument, pointer(), path) { argument, status in
                StreamRequest.finish(argument?.pointee.data, status)
            }
            return
        }
        let code = address.withNative { native, _ in
            uv_tcp_connect(argument, pointer(), native) { argument, status in
                StreamRequest.finish(argument?.pointee.data, status)
            }
        }
        if code < 0 { StreamRequest.finish(argument.pointee.data, code) }
    }

    private static func buffer(_ bytes: UnsafeRawBufferPointer) -> uv_buf_t {
        // libuv's type is shared with reading, hence mutable; a write does not change the bytes.
        uv_buf_t(
            base: UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: CChar.self),
            len: bytes.count)
    }
}

/// A request under way: a write, a shutdown, a connect.
///
/// libuv holds it (in the request's `data`) until its callback.
final class StreamRequest {
    typealias Continuation = CheckedContinuation<Result<Void, TransportError>, Never>

    let bytes: UnsafeMutableRawBufferPointer
    private let stream: StreamHandle
    private let memory: UnsafeMutableRawPointer
    private let operation: StaticString
    private let subject: String
    private let continuation: Continuation

    init(
        _ stream: StreamHandle, _ operation: StaticString, to subject: String = "the connection", _ size: Int,
        bytes: [UInt8], _ continuation: Continuation
    ) {
        self.stream = stream
        self.operation = operation
        self.subject = subject
        self.continuation = continuation
        memory = .allocate(byteCount: size, alignment: 16)
        self.bytes = .allocate(byteCount: bytes.count, alignment: 1)
        self.bytes.copyBytes(from: bytes)
    }

    deinit {
        memory.deallocate()
        bytes.deallocate()
    }

    /// The request for libuv, holding this object until `finish`.
    func start<Request>() -> UnsafeMutablePointer<Request> {
        let base = memory.assumingMemoryBound(to: uv_req_t.self)
        base.pointee.data = Unmanaged.passRetained(self).toOpaque()
        return memory.assumingMemoryBound(to: Request.self)
    }

    /// Answers who waits, and drops libuv's reference.
    static func finish(_ data: UnsafeMutableRawPointer?, _ status: CInt) {
        guard let data else { return }
        let request = Unmanaged<StreamRequest>.fromOpaque(data).takeRetainedValue()
        let stream = request.stream
        if stream.isOpen, uv_stream_get_write_queue_size(stream.stream) == 0 { stream.writeDeadline = nil }
        if status >= 0 {
            request.continuation.resume(returning: .success(()))
        } else if status == UV_ECANCELED.rawValue || !stream.isOpen {
            request.continuation.resume(returning: .failure(stream.failure))
        } else {
            request.continuation.resume(
                returning: .failure(
                    .system(operation: "\(request.operation)", code: status, subject: request.subject)))
        }
    }
}
