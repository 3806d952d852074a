import Crypto

/// The server's side of the two ways to send a password that every mail program knows: PLAIN (RFC 4616) and LOGIN.
enum SASLExchange: Sendable, Hashable {
    case plain
    case loginName
    case loginPassword(name: String)

    /// What comes after a response.
    enum Step: Sendable, Hashable {
        /// The client is asked for more; the prompt in Base64.
        case ask(String, SASLExchange)
        case login(MailLogin)
        case malformed
    }

    /// The mechanism by its name, in upper case; nil for another.
    init?(mechanism: String) {
        switch mechanism {
        case "PLAIN": self = .plain
        case "LOGIN": self = .loginName
        default: return nil
        }
    }

    /// The first prompt, in Base64.
    var prompt: String {
        switch self {
        case .plain: ""
        case .loginName: Base64.standard.encode("Username:".utf8)
        case .loginPassword: Base64.standard.encode("Password:".utf8)
        }
    }

    /// Takes a response, in Base64.
    func take(_ response: ArraySlice<UInt8>) -> Step {
        guard let bytes = try? Base64.standard.decode(String(decoding: response, as: UTF8.self)) else {
            return .malformed
        }
        switch self {
        case .plain: return Self.plain(bytes)
        case .loginName:
            guard let name = Self.text(bytes) else { return .malformed }
            let next = SASLExchange.loginPassword(name: name)
            return .ask(next.prompt, next)
        case .loginPassword(let name): return .login(MailLogin(name: name, password: bytes))
        }
    }

    /// `[authzid] NUL authcid NUL password`; nobody acts for somebody else here.
    private static func plain(_ bytes: [UInt8]) -> Step {
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = text(parts[1]), parts[0].isEmpty || parts[0] == parts[1] else {
            return .malformed
        }
        return .login(MailLogin(name: name, password: Array(parts[2])))
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String? {
        bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }
}
