import Crypto
import Transport

/// The page, with a policy that lets its own script and style run and nothing else.
struct InboxPage: Sendable {
    private let resource: StaticResource

    /// Hashes the script and the style of the page.
    ///
    /// - Throws: `CryptoError` when OpenSSL refuses.
    init(_ html: [UInt8] = PackageResources.inbox_html) throws(CryptoError) {
        let script = try Self.hash(of: "script", in: html)
        let style = try Self.hash(of: "style", in: html)
        let policy =
            "default-src 'none'; script-src '\(script)'; style-src '\(style)'; connect-src 'self'; img-src 'self' data:; "
            + "frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        var headers: HTTPFields = ["Content-Security-Policy": policy]
        headers.addSafety()
        resource = StaticResource(html, name: "inbox.html", headers: headers)
    }

    /// The answer to a request for the page.
    func answer(to request: HTTPRequest) -> HTTPResponse { resource.response(to: request) }

    /// The source expression of the only element of this name (CSP 3 §2.3.1).
    private static func hash(of name: String, in html: [UInt8]) throws(CryptoError) -> String {
        guard let start = offset(of: "<\(name)>", in: html[...]), let end = offset(of: "</\(name)>", in: html[start...])
        else { return "none" }
        let content = html[(start + name.utf8.count + 2)..<end]
        return "sha256-\(Base64.standard.encode(try SHA256.digest(of: content).bytes))"
    }

    private static func offset(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let pattern = Array(text.utf8)
        return bytes.indices.first { bytes[$0...].starts(with: pattern) }
    }
}

extension HTTPFields {
    /// What keeps a browser from guessing types, telling others about the page, and letting others embed it.
    mutating func addSafety() {
        add("X-Content-Type-Options", "nosniff")
        add("Referrer-Policy", "no-referrer")
        add("Cross-Origin-Resource-Policy", "same-origin")
        add("Cross-Origin-Opener-Policy", "same-origin")
    }
}
