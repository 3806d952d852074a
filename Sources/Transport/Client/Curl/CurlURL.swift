import CCurl
import Glibc

/// A URL of `http` or `https`, parsed by curl once for all that look at it.
///
/// Hosts are in the form that is connected to: names in lower-case ASCII (IDNA), IPv4 addresses with four decimal
/// numbers however they were written (WHATWG URL §3.5), IPv6 addresses without brackets.
final class CurlURL {
    let handle: OpaquePointer
    let isSecure: Bool
    let host: String
    let port: UInt16
    /// The zone of an IPv6 address, if it has one.
    let zone: String?

    /// Parses a URL; nil for one that is malformed, or of another scheme.
    convenience init?(_ text: String) {
        guard let handle = curl_url() else { return nil }
        guard curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK else {
            curl_url_cleanup(handle)
            return nil
        }
        self.init(owning: handle)
    }

    private init?(owning parsed: OpaquePointer) {
        guard let handle = Self.settled(parsed) else { return nil }
        self.handle = handle
        let host = Self.part(CURLUPART_HOST, of: handle)
        let scheme = Self.part(CURLUPART_SCHEME, of: handle)
        isSecure = scheme == "https"
        zone = Self.part(CURLUPART_ZONEID, of: handle)
        port = Self.part(CURLUPART_PORT, of: handle, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap { UInt16($0) } ?? 0
        self.host = Self.bare(host ?? "")
        guard scheme == "http" || scheme == "https", Self.isPrinting(self.host), port > 0 else { return nil }
    }

    deinit {
        curl_url_cleanup(handle)
    }

    /// The URL that a `Location` means when it is seen here (RFC 3986 §5); nil when it is no URL of HTTP.
    func resolving(_ location: String) -> CurlURL? {
        guard let next = curl_url_dup(handle) else { return nil }
        guard curl_url_set(next, CURLUPART_URL, location, 0) == CURLUE_OK else {
            curl_url_cleanup(next)
            return nil
        }
        return CurlURL(owning: next)
    }

    /// The whole URL, secrets included.
    var text: String { Self.part(CURLUPART_URL, of: handle) ?? "" }

    /// The host and port as errors show them: the port only when it is not the scheme's own.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Tells whether both URLs are of one server: scheme, host and port (RFC 6454 §4).
    func hasOrigin(of other: CurlURL) -> Bool {
        isSecure == other.isSecure && host == other.host && port == other.port
    }

    /// The port, if the text had one.
    var writtenPort: UInt16? { Self.part(CURLUPART_PORT, of: handle).flatMap { UInt16($0) } }

    /// The user and password in front of the host, if there are any.
    var credentials: HTTPProxy.Credentials? {
        let decoded = UInt32(CURLU_URLDECODE)
        guard let user = Self.part(CURLUPART_USER, of: handle, flags: decoded) else { return nil }
        return HTTPProxy.Credentials(
            user: user, password: Self.part(CURLUPART_PASSWORD, of: handle, flags: decoded) ?? "")
    }

    /// Tells whether there is nothing after the host and the port.
    var isBare: Bool {
        let path = Self.part(CURLUPART_PATH, of: handle) ?? "/"
        return path == "/" && Self.part(CURLUPART_QUERY, of: handle) == nil
            && Self.part(CURLUPART_FRAGMENT, of: handle) == nil
    }

    /// The host's address when it is written as a number.
    var address: IPAddress? { IPAddress(host) }
}

extension CurlURL {
    /// The URL with the host that stays the same when it is read again, or nil when no such host can be; takes over the
    /// handle.
    ///
    /// What IDNA, or the decoding of %, makes of a name may be an address, or have something to decode again.
    private static func settled(_ parsed: OpaquePointer) -> OpaquePointer? {
        var handle = parsed
        for _ in 0..<4 {
            let host = part(CURLUPART_HOST, of: handle)
            guard let host, mayBecomeAnother(host) else { return handle }
            let again = plain(handle)
            curl_url_cleanup(handle)
            guard let again else { return nil }
            handle = again
            if part(CURLUPART_HOST, of: again) == host { return handle }
        }
        curl_url_cleanup(handle)
        return nil
    }

    /// Tells whether a host may be another one when it is parsed again: a number may stand for an IPv4 address, and
    /// curl looks for numbers before it decodes.
    private static func mayBecomeAnother(_ host: String) -> Bool {
        let bytes = host.utf8
        if bytes.contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: "%") }) { return true }
        let last = bytes.split(separator: UInt8(ascii: ".")).last
        guard let digit = last?.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return false }
        return IPAddress(host) == nil
    }

    /// Tells whether a host is of printing ASCII: curl decodes `%7f` and lets it stand.
    private static func isPrinting(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// The URL again with its host in ASCII, or nil when no such host can be.
    private static func plain(_ handle: OpaquePointer) -> OpaquePointer? {
        guard let text = withUnicodeLocale({ part(CURLUPART_URL, of: handle, flags: UInt32(CURLU_PUNYCODE)) }),
            let plain = curl_url()
        else { return nil }
        guard curl_url_set(plain, CURLUPART_URL, text, 0) == CURLUE_OK,
            part(CURLUPART_HOST, of: plain)?.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "%") }) == true
        else {
            curl_url_cleanup(plain)
            return nil
        }
        return plain
    }

    /// curl takes names for being in the locale's encoding, which is ASCII in a program that never chose one.
    private static func withUnicodeLocale<Result>(_ body: () -> Result) -> Result {
        guard let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) else { return body() }
        let before = uselocale(locale)
        defer {
            uselocale(before)
            freelocale(locale)
        }
        return body()
    }

    private static func bare(_ host: String) -> String {
        host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" && $0 != "%" }) : host.lowercased()
    }
}
