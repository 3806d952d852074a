import CCurl
import CUV
import Glibc

extension EventLoop {
    /// Asks the system for the addresses of a name, in the order to try them in.
    ///
    /// - Parameters:
    ///   - host: A name, or an IP address.
    ///   - port: The port that the addresses get.
    /// - Returns: At least one address.
    /// - Throws: `.unresolvable`, or `.loopStopped`. A look-up cannot be broken off by cancelling.
    public func resolve(_ host: String, port: UInt16) async throws(TransportError) -> [SocketAddress] {
        if let ip = IPAddress(host) { return [.ip(ip, port: port)] }
        guard 1...255 ~= host.utf8.count, !host.utf8.contains(0) else {
            throw .unresolvable(host: host, code: UV_EAI_NONAME.rawValue)
        }
        let result = await withCheckedContinuation { continuation in
            let accepted = perform { [self] in LookUp(host, port, continuation).start(on: self) }
            if !accepted { continuation.resume(returning: .failure(.loopStopped(name: name))) }
        }
        return try result.get()
    }
}

/// One look-up under way; libuv holds it (in the request's `data`) until its callback.
private final class LookUp {
    typealias Continuation = CheckedContinuation<Result<[SocketAddress], TransportError>, Never>

    private let host: String
    private let port: UInt16
    private let continuation: Continuation
    private let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)

    init(_ host: String, _ port: UInt16, _ continuation: Continuation) {
        self.host = host
        self.port = port
        self.continuation = continuation
    }

    deinit {
        request.deallocate()
    }

    func start(on loop: EventLoop) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let code = uv_getaddrinfo(
            loop.uv, request,
            { request, status, first in
                LookUp.finish(request?.pointee.data, status, first)
            }, host, nil, &hints)
        if code < 0 { Self.finish(request.pointee.data, code, nil) }
    }

    /// Answers, frees libuv's list, and drops libuv's reference.
    private static func finish(
        _ data: UnsafeMutableRawPointer?, _ status: CInt, _ first: UnsafeMutablePointer<addrinfo>?
    ) {
        guard let data else { return }
        let lookUp = Unmanaged<LookUp>.fromOpaque(data).takeRetainedValue()
        var addresses: [SocketAddress] = []
        var next = first
        while let entry = next?.pointee {
            if let native = entry.ai_addr, let ip = SocketAddress(native: native, length: entry.ai_addrlen)?.ip {
                addresses.append(.ip(ip, port: lookUp.port))
            }
            next = entry.ai_next
        }
        uv_freeaddrinfo(first)
        let code = status < 0 ? status : UV_EAI_NONAME.rawValue
        lookUp.continuation.resume(
            returning: addresses.isEmpty ? .failure(.unresolvable(host: lookUp.host, code: code)) : .success(addresses))
    }
}
