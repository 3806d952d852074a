/// Whose certificates are accepted.
public enum TLSTrust: Sendable, Hashable {
    /// The authorities that the system trusts.
    case system
    /// The certificates in a file in PEM form, and those they have signed.
    case file(String)
    /// The certificates in this text in PEM form, and those they have signed.
    case text(String)

    /// Reads the certificates, and forgets them again.
    ///
    /// - Returns: How many they are; nil for the system's.
    /// - Throws: `TLSError` that says what is wrong with the file or the text.
    public func check() throws(TLSError) -> Int? {
        try certificates()?.count
    }

    /// The certificates; nil for the system's.
    func certificates() throws(TLSError) -> [X509Handle]? {
        switch self {
        case .system: nil
        case .file(let path): try PEMReader(TLSFile.read(path).content, source: path).certificates()
        case .text(let text): try PEMReader(Array(text.utf8), source: "the given text").certificates()
        }
    }
}
