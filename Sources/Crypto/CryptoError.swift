import COpenSSL

/// Why a cryptographic step could not be done.
///
/// Keys and messages are never part of it.
public enum CryptoError: Error, Sendable, Hashable {
    /// The text is not of that coding; the offset counts its UTF-8 bytes.
    case badCoding(coding: String, offset: Int, reason: String)
    /// The key cannot be used.
    case badKey(kind: String, reason: String)
    /// OpenSSL refused; the detail is its own text.
    case failed(operation: String, detail: String)
}

extension CryptoError {
    /// The error of the OpenSSL call that just failed on this thread.
    static func last(_ operation: String) -> CryptoError {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return .failed(operation: operation, detail: "no reason given") }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let detail = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return .failed(operation: operation, detail: detail)
    }

    /// Throws the last error unless the call answered 1, OpenSSL's word for success.
    static func check(_ result: CInt, _ operation: String) throws(CryptoError) {
        guard result == 1 else { throw last(operation) }
    }
}

extension CryptoError: CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    public var description: String {
        switch self {
        case .badCoding(let coding, let offset, let reason): "not \(coding) at offset \(offset): \(reason)"
        case .badKey(let kind, let reason): "unusable \(kind) key: \(reason)"
        case .failed(let operation, let detail):
            "OpenSSL failed in \(operation): \(detail); check the installation of libssl"
        }
    }
}
