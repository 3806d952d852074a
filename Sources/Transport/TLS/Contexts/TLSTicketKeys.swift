import COpenSSL
import Synchronization

/// What OpenSSL gives and gets for one ticket.
struct TLSTicket {
    let name: UnsafeMutablePointer<UInt8>
    let vector: UnsafeMutablePointer<UInt8>
    let cipher: OpaquePointer
    let code: OpaquePointer
}

/// The keys that a server's tickets are sealed with (RFC 5077 §4); they change, so that an old key opens little.
///
/// A key seals for twelve hours and opens for as long again, which is longer than a ticket is good for.
final class TLSTicketKeys: Sendable {
    private struct Key {
        let name: [UInt8]
        let cipherKey: [UInt8]
        let codeKey: [UInt8]
        let since: Int64
    }

    private let currentTime: @Sendable () -> Int64
    /// The newest first, two at most.
    private let keys = Mutex<[Key]>([])

    init(_ currentTime: @escaping @Sendable () -> Int64) {
        self.currentTime = currentTime
    }

    private static var lifetime: Int64 { 12 * 3_600 }

    /// Sets the cipher up to seal a ticket; answers 1, or -1 on failure.
    func seal(_ ticket: TLSTicket) -> CInt {
        guard let key = newest(), RAND_bytes(ticket.vector, Self.vectorLength) == 1 else { return -1 }
        ticket.name.update(from: key.name, count: key.name.count)
        guard EVP_EncryptInit_ex(ticket.cipher, EVP_aes_256_cbc(), nil, key.cipherKey, ticket.vector) == 1 else {
            return -1
        }
        return Self.authenticate(ticket, key) ? 1 : -1
    }

    /// Sets the cipher up to open a ticket; answers 1, 2 when the client should get a new one, 0 when the key is
    /// unknown, or -1 on failure.
    func open(_ ticket: TLSTicket) -> CInt {
        let name = Array(UnsafeBufferPointer(start: ticket.name, count: Self.nameLength))
        let now = currentTime()
        let known = keys.withLock { keys in keys.first { $0.name == name && now - $0.since < 2 * Self.lifetime } }
        guard let key = known else { return 0 }
        guard EVP_DecryptInit_ex(ticket.cipher, EVP_aes_256_cbc(), nil, key.cipherKey, ticket.vector) == 1,
            Self.authenticate(ticket, key)
        else { return -1 }
        return now - key.since < Self.lifetime ? 1 : 2
    }

    private func newest() -> Key? {
        let now = currentTime()
        return keys.withLock { keys in
            // A clock that was set back makes a new key too.
            if let key = keys.first, (0..<Self.lifetime).contains(now - key.since) { return key }
            guard let name = Self.random(Self.nameLength), let cipherKey = Self.random(32),
                let codeKey = Self.random(32)
            else { return nil }
            let key = Key(name: name, cipherKey: cipherKey, codeKey: codeKey, since: now)
            keys = [key] + keys.prefix(1)
            return key
        }
    }

    private static func authenticate(_ ticket: TLSTicket, _ key: Key) -> Bool {
        cssl_set_ticket_code_key(ticket.code, key.codeKey, key.codeKey.count) == 1
    }

    private static func random(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return RAND_bytes(&bytes, CInt(count)) == 1 ? bytes : nil
    }

    private static var nameLength: Int { 16 }
    private static var vectorLength: CInt { 16 }
}
