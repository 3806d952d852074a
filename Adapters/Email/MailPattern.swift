/// Which recipients a mailbox takes: `support@hq.example`, `*@hq.example` or `*`.
struct MailPattern: Sendable, Hashable {
    private enum Kind: Hashable {
        case any
        case domain(String)
        case address(String)
    }

    private let kind: Kind

    /// Reads a pattern; `nil` when it is none.
    init?(_ text: String) {
        if text == "*" {
            kind = .any
        } else if text.hasPrefix("*@") {
            let domain = text.dropFirst(2).lowercased()
            guard MailRenderer.isAddress("a@\(domain)") else { return nil }
            kind = .domain(domain)
        } else {
            guard MailRenderer.isAddress(text) else { return nil }
            kind = .address(text.lowercased())
        }
    }

    /// How well a recipient fits.
    func match(_ recipient: MailRecipient) -> RecipientMatch? {
        switch kind {
        case .any: .any
        case .domain(let domain): domain == recipient.domain ? .domain : nil
        case .address(let address): recipient.fits(address) ? .exact : nil
        }
    }
}

/// A recipient of a mail, taken apart: `support+token@hq.example` is for `support`.
struct MailRecipient: Sendable, Hashable {
    /// The local part without the detail, in lower case: nobody tells `Support@` from `support@`.
    let name: String
    /// The whole local part, in lower case.
    let localPart: String
    /// The domain, in lower case; empty for `Postmaster` alone.
    let domain: String

    init(_ address: String) {
        let parsed = MailAddress(address: address)
        var local = parsed.localPart.lowercased()
        if local.count >= 2, local.hasPrefix("\""), local.hasSuffix("\"") {
            local = String(local.dropFirst().dropLast())
        }
        localPart = local
        name = local.firstIndex(of: "+").flatMap { $0 == local.startIndex ? nil : String(local[..<$0]) } ?? local
        domain = parsed.domain
    }

    /// Whether it is this address, which is in lower case, with or without a detail.
    func fits(_ address: String) -> Bool {
        "\(localPart)@\(domain)" == address || "\(name)@\(domain)" == address
    }

    /// Whether it is the postmaster, whom every server must know (RFC 5321 §4.5.1).
    func isPostmaster(of domains: Set<String>) -> Bool {
        name == "postmaster" && (domain.isEmpty || domains.contains(domain))
    }
}
