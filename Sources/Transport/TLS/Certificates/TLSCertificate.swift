/// A certificate with the chain above it, and its private key, as a configuration names them.
public struct TLSCertificate: Sendable, Hashable {
    enum Source: Hashable {
        case files(chain: String, key: String)
        case text(chain: String, key: String)
    }

    let source: Source

    /// Names two files in PEM form, which are read anew at each reload: the certificate followed by those that lead to
    /// the authority, and the private key without a passphrase.
    public init(chainFile: String, keyFile: String) {
        source = .files(chain: chainFile, key: keyFile)
    }

    /// Takes the chain and the private key themselves, in PEM form.
    public init(chain: String, key: String) {
        source = .text(chain: chain, key: key)
    }
}

extension TLSCertificate: CustomStringConvertible {
    /// Where it comes from; the key is never shown.
    public var description: String {
        switch source {
        case .files(let chain, let key): "certificate in \(chain) with the key in \(key)"
        case .text: "certificate given as text"
        }
    }
}

extension TLSCertificate: CustomReflectable {
    /// Nothing: a dump must not show the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a loaded certificate says of itself.
public struct TLSCertificateFacts: Sendable, Hashable {
    /// The file it came from, or `the given text`.
    public var source: String
    /// The subject in the form of RFC 2253.
    public var subject: String
    /// The DNS names that it is for, in lower case; `*.example.org` stands for one label more.
    public var names: [String]
    /// The IP addresses that it is for.
    public var addresses: [String]
    /// When it is valid, in seconds since 1970.
    public var validity: ClosedRange<Int64>
    /// The SHA-256 digest of its DER form, 64 hexadecimal digits.
    public var fingerprint: String
}
