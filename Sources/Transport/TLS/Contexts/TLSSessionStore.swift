import COpenSSL
import Synchronization

/// Owns a session of OpenSSL that may be resumed.
final class TLSSession {
    private let session: OpaquePointer

    /// Takes the session over.
    init(_ session: OpaquePointer) {
        self.session = session
    }

    deinit {
        SSL_SESSION_free(session)
    }

    /// Offers the session to the server; one that cannot be used makes for a full handshake only.
    func resume(_ machine: TLSMachine) {
        guard SSL_SESSION_is_resumable(session) == 1 else { return }
        machine.withPointer { _ = SSL_set_session($0, session) }
        ERR_clear_error()
    }
}

// Safe: a session is written by the handshake that made it, which is over, and has a counted, locked reference
// (SSL_SESSION_up_ref(3)).
extension TLSSession: @unchecked Sendable {}

/// Keeps sessions until they are used, each once (RFC 8446 §C.4), and no more than so many.
final class TLSSessionStore: Sendable {
    private let sessions = Mutex<[String: TLSSession]>([:])

    private static var limit: Int { 256 }

    func keep(_ session: TLSSession, for key: String) {
        sessions.withLock { sessions in
            if sessions.count >= Self.limit, sessions[key] == nil, let other = sessions.keys.first {
                sessions[other] = nil
            }
            sessions[key] = session
        }
    }

    func take(_ key: String) -> TLSSession? {
        sessions.withLock { $0.removeValue(forKey: key) }
    }
}
