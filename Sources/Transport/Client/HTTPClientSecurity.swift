/// How TLS knows the server, and how it shows who asks.
public struct HTTPClientSecurity: Sendable, Hashable {
    /// A file of certificates to trust, in PEM, instead of the system's.
    public var authorityFile: String?
    /// The file of the certificate to show to servers that ask for one, its chain after it, in PEM.
    public var certificateFile: String?
    /// The file of that certificate's key, in PEM; nil when it is in the same file.
    public var keyFile: String?

    /// Creates settings; without any, the system's authorities are trusted and no certificate is shown.
    public init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
