/// Something about a certificate that works now, or might, but that an operator should look after.
public enum TLSWarning: Sendable, Hashable {
    /// It has run out; the time in seconds since 1970.
    case expired(source: String, at: Int64)
    /// It runs out within 14 days.
    case expiresSoon(source: String, at: Int64)
    /// It is not valid yet.
    case notYetValid(source: String, from: Int64)
    /// Everybody on the machine may read or change the file of the key.
    case keyExposed(file: String)
    /// It is for no name and no address, so no client will accept it.
    case nameless(source: String)
}

extension TLSWarning: CustomStringConvertible {
    /// What is wrong, where, and what to do about it.
    public var description: String {
        switch self {
        case .expired(let source, let time):
            "the certificate in \(source) expired on \(HTTPDate.text(of: time)); renew it"
        case .expiresSoon(let source, let time):
            "the certificate in \(source) expires on \(HTTPDate.text(of: time)); renew it"
        case .notYetValid(let source, let time):
            "the certificate in \(source) is valid only from \(HTTPDate.text(of: time)); check the machine's clock"
        case .keyExposed(let file):
            "everybody on this machine may read or change the private key; run: chmod 600 \(file)"
        case .nameless(let source):
            "the certificate in \(source) names no host (subjectAltName), so clients refuse it; make one with names"
        }
    }
}
