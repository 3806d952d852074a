/// A name and a password that a client sent.
public struct MailLogin: Sendable, Hashable {
    /// The user's name.
    public let name: String
    let password: [UInt8]

    init(name: String, password: [UInt8]) {
        self.name = name
        self.password = password
    }
}

extension MailLogin: CustomStringConvertible {
    /// Nothing: even the name may be a password at the wrong prompt.
    public var description: String { "login(***)" }
}

extension MailLogin: CustomReflectable {
    /// Nothing, as above.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What becomes of a login.
public enum LoginVerdict: Sendable, Hashable {
    /// The password is right.
    case accepted(MailIdentity)
    /// The user is unknown, or the password wrong; a client is not told which.
    case refused
    /// This client has failed too often of late.
    case tooMany
}
