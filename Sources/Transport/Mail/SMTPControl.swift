import CCurl
import CUV
import Glibc
import Synchronization

/// Lets other threads break a mail off, and knows the sockets that are open for it: that of its connection and, while
/// connecting, those of other addresses.
///
/// Each open socket holds a reference, which curl's callback for its closing drops; so it does not matter whether curl
/// closes it before the transfer ends or after.
final class SMTPControl: Sendable {
    private struct State {
        var descriptors: Set<CInt> = []
        var abandonment: CurlAbandonment?
    }

    private let state = Mutex(State())

    /// Why the mail is broken off, if it is.
    var abandonment: CurlAbandonment? { state.withLock { $0.abandonment } }

    /// Breaks the mail off, whatever it waits for.
    func abandon(_ reason: CurlAbandonment) {
        state.withLock { state in
            state.abandonment = state.abandonment ?? reason
            for descriptor in state.descriptors { shutdown(descriptor, CInt(SHUT_RDWR)) }
        }
    }

    /// Lets curl read the end of the connection next, whatever the server does.
    func endReading() {
        state.withLock { state in
            for descriptor in state.descriptors { shutdown(descriptor, CInt(SHUT_RD)) }
        }
    }

    func add(_ descriptor: CInt) {
        state.withLock { _ = $0.descriptors.insert(descriptor) }
        _ = Unmanaged.passRetained(self)
    }

    /// Asks curl to close sockets here, and to look for the end from time to time.
    ///
    /// The caller holds this object meanwhile.
    func follow(_ easy: CurlEasy) {
        let data = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_CLOSESOCKETDATA, pointer: data)
        easy.check(
            ccurl_set_socket_closer(easy.handle) { data, descriptor in
                guard let data else { return Glibc.close(descriptor) }
                return Unmanaged<SMTPControl>.fromOpaque(data).takeRetainedValue().close(descriptor)
            })
        easy.set(CURLOPT_NOPROGRESS, 0)
        easy.set(CURLOPT_XFERINFODATA, pointer: data)
        easy.check(
            ccurl_set_progress(easy.handle) { data, _, _, _, _ in
                guard let data else { return 0 }
                return Unmanaged<SMTPControl>.fromOpaque(data).takeUnretainedValue().abandonment == nil ? 0 : 1
            })
    }

    /// Under the lock, so that nobody shuts down another connection that gets the same number.
    private func close(_ descriptor: CInt) -> CInt {
        state.withLock { state in
            state.descriptors.remove(descriptor)
            return Glibc.close(descriptor)
        }
    }
}
