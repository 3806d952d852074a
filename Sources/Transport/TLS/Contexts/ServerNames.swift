/// Finds the certificate for the name that a client asks for.
struct ServerNames {
    private var exact: [String: Int] = [:]
    /// By what follows `*.`.
    private var wildcards: [String: Int] = [:]

    /// Of two certificates for one name the first is taken.
    init(_ certificates: [TLSCertificateFacts]) {
        for (index, certificate) in certificates.enumerated() {
            for name in certificate.names {
                if name.hasPrefix("*.") {
                    wildcards[String(name.dropFirst(2))] = wildcards[String(name.dropFirst(2))] ?? index
                } else {
                    exact[name] = exact[name] ?? index
                }
            }
        }
    }

    /// The index of the certificate: for exactly this name, or with a wildcard for its first label (RFC 9525 §6.3).
    func index(for name: String) -> Int? {
        var name = name.lowercased()[...]
        if name.hasSuffix(".") { name = name.dropLast() }
        if let index = exact[String(name)] { return index }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return nil }
        return wildcards[String(name[name.index(after: dot)...])]
    }
}
