import Configuration

extension RouterSchema {
    static let listen: SettingsSchema = [
        listener("http", default: "127.0.0.1:8025", "The API, the pages and the webhooks; `[]` for none."),
        listener(
            "https", "The same under TLS, with HTTP/2; needs `tls.certificates`. Off unless given.",
            example: "0.0.0.0:443"),
        listener(
            "smtp", "Mail from other programs, with STARTTLS if there is a certificate; off unless given.",
            example: "127.0.0.1:2525"),
        listener(
            "smtps", "Mail from other programs, under TLS from the first byte; needs `tls.certificates`.",
            example: "0.0.0.0:465"),
        listener("lmtp", "Mail from a mail server; off unless given.", example: "127.0.0.1:2424"),
        Setting(
            "socket_mode", .string, default: "0600",
            """
            The permissions of the Unix sockets among these, in octal. Whoever may open one of `http` is a client like any \
            other; the control socket in the data folder is not one of these, and stays 0600.
            """, example: "\"0660\""),
        Setting(
            "proxy_protocol", .object(proxyProtocol), default: "{}",
            """
            From which networks connections must begin with a PROXY header (version 1 or 2), which then names the client. A \
            connection from elsewhere must not have one.
            """, example: "{https: 10.0.0.0/8, smtp: 10.0.0.0/8}"),
    ]

    private static let proxyProtocol = SettingsSchema(
        ["http", "https", "smtp", "smtps", "lmtp"].map { name in
            Setting(
                name, .list(of: .network), range: SettingRange(0...1_000), "The load balancers in front of `\(name)`.")
        })

    static let tls: SettingsSchema = [
        Setting(
            "certificates", .list(of: .object(certificate)), range: SettingRange(0...1_000),
            """
            The certificates, each for the names that stand in it. A client gets the one for the name it asks for, else the \
            first. A file that changes is read again without a restart, and no connection is dropped.
            """, example: "{chain: tls/chain.pem, key: tls/key.pem}"),
        Setting(
            "minimum", .choice(["1.2", "1.3"]), default: "1.2", "The oldest version of TLS that clients may speak."),
        Setting(
            "client_certificates", .choice(["none", "request", "require"]), default: "none",
            """
            Whether clients are asked for a certificate. With `request` they may come without one, with `require` not; \
            one that `client_ca` has not signed is refused in both cases.
            """),
        Setting(
            "client_ca", .path, "The certificates of the authorities that sign clients' certificates, as PEM.",
            example: "tls/clients.pem"),
    ]

    private static let certificate: SettingsSchema = [
        Setting(
            "chain", .path, isRequired: true,
            "The certificate, then those that lead from it to the authority, as PEM; relative to the folder of the file.",
            example: "tls/chain.pem"),
        Setting(
            "key", .path, isRequired: true, "The certificate's private key, as PEM, without a passphrase.",
            example: "tls/key.pem"),
    ]

    private static func listener(
        _ name: String, default address: String? = nil, _ prose: String, example: String? = nil
    ) -> Setting {
        Setting(
            name, .list(of: .listener), default: address, range: SettingRange(0...16), prose, example: example)
    }
}
