import COpenSSL
import Glibc

/// Owns a certificate of OpenSSL.
final class X509Handle {
    private let certificate: OpaquePointer

    /// Takes the certificate over.
    init(_ certificate: OpaquePointer) {
        self.certificate = certificate
    }

    deinit {
        X509_free(certificate)
    }

    /// Lends the certificate to a call of OpenSSL.
    func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        body(certificate)
    }

    /// The certificate in PEM form.
    func text() throws(TLSError) -> String {
        try PEMWriter().text("PEM_write_bio_X509") { PEM_write_bio_X509($0, certificate) == 1 ? 1 : -1 }
    }

    /// Tells whether the key is that of the certificate.
    func isFor(_ key: PrivateKeyHandle) -> Bool {
        defer { ERR_clear_error() }
        return key.withPointer { X509_check_private_key(certificate, $0) } == 1
    }

    /// The subject in the form of RFC 2253.
    func subject() throws(TLSError) -> String {
        try PEMWriter().text("X509_NAME_print_ex") { bio in
            X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, cssl_rfc2253_flags())
        }
    }

    /// The SHA-256 digest of the DER form, 64 hexadecimal digits.
    func fingerprint() throws(TLSError) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: CUnsignedInt = 0
        try TLSError.check(X509_digest(certificate, EVP_sha256(), &digest, &count), "X509_digest")
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// When it is valid, in seconds since 1970.
    var validity: ClosedRange<Int64> {
        let start = Self.seconds(X509_get0_notBefore(certificate)) ?? .min
        return start...max(start, Self.seconds(X509_get0_notAfter(certificate)) ?? .max)
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Int64(timegm(&parts))
    }
}

// MARK: - Names

extension X509Handle {
    /// The DNS names that it is for, in lower case (RFC 5280 §4.2.1.6).
    var names: [String] {
        alternativeNames { name in
            guard name.pointee.type == GEN_DNS, let text = name.pointee.d.dNSName else { return nil }
            return Self.bytes(text).map { String(decoding: $0, as: UTF8.self).lowercased() }
        }
    }

    /// The IP addresses that it is for.
    var addresses: [String] {
        alternativeNames { name in
            guard name.pointee.type == GEN_IPADD, let address = name.pointee.d.iPAddress else { return nil }
            return Self.bytes(address).flatMap { Self.address($0) }
        }
    }

    private func alternativeNames(_ body: (UnsafeMutablePointer<GENERAL_NAME>) -> String?) -> [String] {
        guard let stack = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
            ERR_clear_error()
            return []
        }
        let names = OpaquePointer(stack)
        defer { GENERAL_NAMES_free(names) }
        return (0..<OPENSSL_sk_num(names)).compactMap { index in
            OPENSSL_sk_value(names, index).flatMap { body($0.assumingMemoryBound(to: GENERAL_NAME.self)) }
        }
    }

    private static func bytes(_ text: UnsafePointer<ASN1_STRING>) -> [UInt8]? {
        guard let data = ASN1_STRING_get0_data(text) else { return nil }
        return Array(UnsafeBufferPointer(start: data, count: Int(ASN1_STRING_length(text))))
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        guard let result = inet_ntop(family, bytes, &text, socklen_t(text.count)) else { return nil }
        return String(cString: result)
    }
}
