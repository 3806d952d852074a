extension TLSCertificateFacts {
    /// Reads what the certificates in a file in PEM form say of themselves, in their order.
    ///
    /// - Throws: `TLSError` when the file cannot be read, holds no certificate, or a damaged one.
    public static func read(_ file: String) throws(TLSError) -> [TLSCertificateFacts] {
        var facts: [TLSCertificateFacts] = []
        for certificate in try PEMReader(TLSFile.read(file).content, source: file).certificates() {
            facts.append(try certificate.facts(source: file))
        }
        return facts
    }
}
