/// A certificate, the chain above it, and its key, read and checked.
struct LoadedCertificate {
    let chain: [X509Handle]
    let key: PrivateKeyHandle
    let facts: TLSCertificateFacts
    /// What is wrong with the files themselves.
    let exposures: [TLSWarning]

    /// Reads it.
    init(_ certificate: TLSCertificate) throws(TLSError) {
        var exposures: [TLSWarning] = []
        let source: String
        let keySource: String
        switch certificate.source {
        case .files(let chainFile, let keyFile):
            source = chainFile
            keySource = keyFile
            chain = try PEMReader(TLSFile.read(chainFile).content, source: chainFile).certificates()
            let file = try TLSFile.read(keyFile)
            if file.isExposed { exposures.append(.keyExposed(file: keyFile)) }
            key = try PEMReader(file.content, source: keyFile).privateKey()
        case .text(let chainText, let keyText):
            source = Self.text
            keySource = Self.text
            chain = try PEMReader(Array(chainText.utf8), source: source).certificates()
            key = try PEMReader(Array(keyText.utf8), source: source).privateKey()
        }
        guard let leaf = chain.first else { throw .noCertificate(source: source) }
        guard leaf.isFor(key) else { throw .mismatch(chain: source, key: keySource) }
        facts = try leaf.facts(source: source)
        self.exposures = exposures
    }

    private static var text: String { "the given text" }
}

extension X509Handle {
    /// What the certificate says of itself.
    func facts(source: String) throws(TLSError) -> TLSCertificateFacts {
        TLSCertificateFacts(
            source: source, subject: try subject(), names: names, addresses: addresses, validity: validity,
            fingerprint: try fingerprint())
    }
}

extension TLSCertificateFacts {
    /// What an operator should look after at this time, in seconds since 1970.
    func warnings(now: Int64) -> [TLSWarning] {
        var warnings: [TLSWarning] = []
        let (start, end) = (validity.lowerBound, validity.upperBound)
        if now > end {
            warnings.append(.expired(source: source, at: end))
        } else if now < start {
            warnings.append(.notYetValid(source: source, from: start))
        } else if end - now < 14 * 86_400 {
            warnings.append(.expiresSoon(source: source, at: end))
        }
        if names.isEmpty && addresses.isEmpty { warnings.append(.nameless(source: source)) }
        return warnings
    }
}
