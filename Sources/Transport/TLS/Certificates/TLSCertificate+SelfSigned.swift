import COpenSSL
import Glibc

/// A certificate that vouches for itself, with its key, both in PEM form.
public struct SelfSignedCertificate: Sendable {
    /// The certificate in PEM form.
    public let certificate: String
    /// The private key in PEM form (PKCS #8); keep it from others.
    public let key: String
    /// What the certificate says of itself.
    public let facts: TLSCertificateFacts
}

extension TLSCertificate {
    /// Takes over a certificate that was made here.
    public init(_ made: SelfSignedCertificate) {
        self.init(chain: made.certificate, key: made.key)
    }

    /// Makes an ECDSA P-256 certificate that is signed by itself, for servers and clients, to try things out.
    ///
    /// - Parameters:
    ///   - names: The DNS names (`*.example.org` too) and IP addresses it is for, at least one.
    ///   - duration: How long it is valid, to the second.
    ///   - now: The time, in seconds since 1970, from which it is valid.
    /// - Returns: The certificate and its key.
    /// - Throws: `.badName` for what is no name, or `.refused`.
    public static func selfSigned(
        names: [String], validFor duration: Duration = .seconds(365 * 86_400), now: Int64? = nil
    ) throws(TLSError) -> SelfSignedCertificate {
        guard let first = names.first else { throw .badName("") }
        let key = try PrivateKeyHandle.makeP256()
        guard let pointer = X509_new() else { throw .last("X509_new") }
        let certificate = X509Handle(pointer)
        let alternatives = try alternativeNames(names)
        let start = now ?? Int64(time(nil))
        let isFilled = fill(pointer, from: start, to: start + duration.components.seconds, name: first)
        guard isFilled, key.withPointer({ X509_set_pubkey(pointer, $0) }) == 1 else { throw .last("X509_set") }
        try extend(pointer, NID_subject_alt_name, alternatives)
        try extend(pointer, NID_basic_constraints, "critical,CA:FALSE")
        try extend(pointer, NID_key_usage, "critical,digitalSignature")
        try extend(pointer, NID_ext_key_usage, "serverAuth,clientAuth")
        try extend(pointer, NID_subject_key_identifier, "hash")
        // Tells two certificates for one name apart, for who trusts the old and the new one.
        try extend(pointer, NID_authority_key_identifier, "keyid:always")
        guard key.withPointer({ X509_sign(pointer, $0, EVP_sha256()) }) > 0 else { throw .last("X509_sign") }
        return SelfSignedCertificate(
            certificate: try certificate.text(), key: try key.text(),
            facts: try certificate.facts(source: "the new certificate"))
    }

    private static func fill(_ certificate: OpaquePointer, from start: Int64, to end: Int64, name: String) -> Bool {
        var serial = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&serial, CInt(serial.count)) == 1 else { return false }
        // Positive, and of full length (RFC 5280 §4.1.2.2).
        serial[0] = serial[0] & 0x3F | 0x40
        guard let number = BN_bin2bn(serial, CInt(serial.count), nil) else { return false }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil,
            X509_set_version(certificate, 2) == 1,
            ASN1_TIME_set(X509_getm_notBefore(certificate), time_t(start)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(certificate), time_t(end)) != nil,
            let subject = X509_get_subject_name(certificate)
        else { return false }
        // A common name has 64 bytes at most (RFC 5280, ub-common-name); clients read the alternative names only.
        let bytes = Array(name.utf8.prefix(64))
        guard
            X509_NAME_add_entry_by_NID(
                subject, NID_commonName, MBSTRING_UTF8, bytes, CInt(bytes.count), -1, 0) == 1
        else { return false }
        return X509_set_issuer_name(certificate, subject) == 1
    }

    private static func extend(_ certificate: OpaquePointer, _ kind: CInt, _ value: String) throws(TLSError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, certificate, certificate, nil, nil, 0)
        guard let found = X509V3_EXT_conf_nid(nil, &context, kind, value) else { throw .last("X509V3_EXT_conf_nid") }
        defer { X509_EXTENSION_free(found) }
        try TLSError.check(X509_add_ext(certificate, found, -1), "X509_add_ext")
    }

    /// The names as OpenSSL's configuration writes them; nothing but names gets into it.
    private static func alternativeNames(_ names: [String]) throws(TLSError) -> String {
        var parts: [String] = []
        for name in names {
            if IPAddress(name) != nil, !name.contains("%") {
                parts.append("IP:\(name)")
            } else if isName(name) {
                parts.append("DNS:\(name)")
            } else {
                throw .badName(name)
            }
        }
        return parts.joined(separator: ",")
    }

    private static func isName(_ name: String) -> Bool {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard name.utf8.count <= 253 else { return false }
        return labels.enumerated().allSatisfy { index, label in
            if index == 0, label.elementsEqual("*".utf8) { return labels.count > 1 }
            return (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
                && label.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                    default: false
                    }
                }
        }
    }
}
