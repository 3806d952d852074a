import Configuration
import Testing

@testable import Routing

/// Loads the settings of the router alone.
private func settings(_ router: String) throws -> RouterSettings {
    let (loaded, diagnostics) = load("router:\n" + router.indentedByTwo)
    try #require(diagnostics == [], "\(diagnostics)")
    return try #require(loaded).router
}

/// What is wrong with the settings of the router.
private func faults(_ router: String) -> [String] { load("router:\n" + router.indentedByTwo).diagnostics }

extension String {
    fileprivate var indentedByTwo: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(separator: "\n")
    }
}

private let certificate = "tls: {certificates: {chain: a.pem, key: k.pem}}\n"

@Suite struct ListenSettingsTests {
    @Test("a service listens at one place or at several")
    func places() throws {
        let listen = try settings(
            """
            listen: {http: ["127.0.0.1:80", "unix:run/http.sock"], https: "[::]:443", smtp: unix:/run/m, socket_mode: "660"}
            tls: {certificates: {chain: a.pem, key: k.pem}}
            """
        ).listen
        #expect(
            listen.places == [
                .init(.http, "127.0.0.1:80"), .init(.http, "unix:run/http.sock"), .init(.https, "[::]:443"),
                .init(.smtp, "unix:/run/m"),
            ])
        #expect(listen.socketMode == 0o660)
        #expect(listen.addresses(of: .smtp) == ["unix:/run/m"])
    }

    @Test("without a word about it HTTP is spoken to this machine alone, and with an empty list to nobody")
    func defaults() throws {
        #expect(try settings("name: a").listen == ListenSettings())
        #expect(try settings("listen: {http: []}").listen.places == [])
    }

    @Test("the path of a Unix socket is relative to the file that gives it")
    func relative() throws {
        let loader = ConfigurationLoader(
            environment: [:],
            disk: MemoryDisk(files: ["/etc/p/routes.yaml": "router: {listen: {http: unix:./h.sock}}"]),
            topLevelKeys: RouterConfiguration.topLevelKeys)
        let (loaded, _) = RouterConfiguration.load(
            "/etc/p/routes.yaml", loader: loader, adapters: adapters, hostName: "hq")
        #expect(loaded?.router.listen.addresses(of: .http) == ["unix:/etc/p/h.sock"])
    }

    @Test(
        "what cannot be listened at is told with its place",
        arguments: [
            (
                "listen: {http: \"hq.example:80\"}",
                """
                routes.yaml:2:18: router.listen.http: expected an address and port such as 127.0.0.1:8025, or \
                unix:/run/postroad.sock, got the text "hq.example:80": listening takes an address of this machine, not a \
                name; 0.0.0.0 and [::] are all of them
                """
            ),
            (
                "listen: {http: [\"127.0.0.1:80\", \"127.0.0.1\"]}",
                """
                routes.yaml:2:35: router.listen.http[1]: expected an address and port such as 127.0.0.1:8025, or \
                unix:/run/postroad.sock, got the text "127.0.0.1": it has no port
                """
            ),
            (
                "listen: {http: \"127.0.0.1:80\", smtp: \"127.0.0.1:80\"}",
                "routes.yaml:2:40: router.listen.smtp: http listens at \"127.0.0.1:80\" already"
            ),
            (
                "listen: {https: \"127.0.0.1:443\"}",
                """
                routes.yaml:2:19: router.listen.https: TLS needs a certificate: name one in router.tls.certificates, or \
                make one to begin with by `postroad cert self-signed`
                """
            ),
            (
                "listen: {socket_mode: rw}",
                """
                routes.yaml:2:25: router.listen.socket_mode: expected permissions in octal that let the router itself \
                read and write, such as 0600 or 0660
                """
            ),
            (
                "listen: {proxy_protocol: {smtp: 10.0.0.0/8}}",
                "routes.yaml:2:35: warning: router.listen.proxy_protocol.smtp: the router does not listen for smtp"
            ),
        ])
    func faulty(text: String, expected: String) {
        #expect(faults(text).map { $0.replacing("listen.http[0]", with: "listen.http") } == [expected])
    }

    @Test("two listeners may ask for any free port")
    func anyPort() throws {
        #expect(try settings("listen: {http: \"127.0.0.1:0\", smtp: \"127.0.0.1:0\"}").listen.places.count == 2)
    }

    @Test("a listener tells whose connections begin with a PROXY header")
    func proxyProtocol() throws {
        let listen = try settings("listen: {proxy_protocol: {http: [10.0.0.0/8, \"fd00::/8\"]}}").listen
        #expect(listen.proxyNetworks == [.http: ["10.0.0.0/8", "fd00::/8"]])
    }
}

@Suite struct TLSSettingsTests {
    @Test("certificates are read, one or several, with the places that name them")
    func certificates() throws {
        let one = try settings(certificate).tls
        #expect(one == TLSSettings(certificates: [.init(chain: PlacedText("a.pem"), key: PlacedText("k.pem"))]))
        #expect(one.files.map(\.position.description) == ["routes.yaml:2:31", "routes.yaml:2:43"])
        let text = """
            tls:
              certificates: [{chain: a.pem, key: k.pem}, {chain: /b.pem, key: /l.pem}]
              minimum: 1.3
              client_certificates: require
              client_ca: ca.pem
            """
        let all = try settings(text).tls
        #expect(all.files.map(\.text) == ["a.pem", "k.pem", "/b.pem", "/l.pem", "ca.pem"])
        #expect(all.minimum == .tls13)
        #expect(all.clientCertificates == .require)
    }

    @Test(
        "settings that cannot work are told",
        arguments: [
            (
                "tls: {client_certificates: require}",
                """
                routes.yaml:2:30: router.tls.client_certificates: clients' certificates are checked against client_ca, \
                which is missing
                """
            ),
            (
                "tls: {client_ca: ca.pem}",
                """
                routes.yaml:2:20: warning: router.tls.client_ca: nobody is asked for a certificate: client_certificates \
                is none
                """
            ),
            (
                "tls: {minimum: 1.1}",
                "routes.yaml:2:18: router.tls.minimum: expected 1.2 or 1.3, got the number 1.1; did you mean \"1.2\"?"
            ),
            (
                "tls: {certificates: {chain: a.pem}}",
                "routes.yaml:2:23: router.tls.certificates: the key \"key\" is missing; it takes a path"
            ),
        ])
    func faulty(text: String, expected: String) {
        #expect(faults(text) == [expected])
    }

    @Test("a faulty certificate is one fault, and not also a missing one")
    func oneFault() {
        #expect(faults("listen: {https: \"127.0.0.1:0\"}\ntls: {certificates: {chain: a.pem}}").count == 1)
    }
}

@Suite struct HTTPSettingsTests {
    @Test("everything about clients is read")
    func full() throws {
        let text = """
            http:
              trusted_proxies: [127.0.0.1, "fd00::/8", unix]
              proxy_fields: forwarded
              cors: {origins: ["https://app.example.org", "http://localhost:3000"], credentials: true}
              strict_transport: 365d
              rate_limit: {client: 50/s, token: 600/m, burst: 100}
              access_log: true
              idle_timeout: 2m
              connections: 5
            """
        let limit = HTTPSettings.RateLimit(
            client: Rate(parsing: "50/s"), token: Rate(parsing: "600/m"), burst: 100)
        #expect(
            try settings(text).http
                == HTTPSettings(
                    trustedProxies: ["127.0.0.1", "fd00::/8", "unix"], proxyFields: .forwarded,
                    origins: ["https://app.example.org", "http://localhost:3000"], allowsCredentials: true,
                    strictTransport: .seconds(31_536_000), rateLimit: limit, accessLog: true,
                    idleTimeout: .seconds(120), connections: 5))
    }

    @Test(
        "an origin is what browsers send",
        arguments: [
            "app.example.org", "https://", "https://app.example.org/", "https://App.example.org",
            "https://*.example.org",
            "ftp://app.example.org", "https://user@app.example.org", "null",
        ])
    func origins(text: String) {
        let found = faults("http: {cors: {origins: [\"\(text)\"]}}")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("routes.yaml:2:27: router.http.cors.origins[0]: expected an origin") == true)
    }

    @Test(
        "a rate or a network that is none is told",
        arguments: [
            ("http: {rate_limit: {client: fast}}", "expected a rate such as 10/s, 600/m or 1/30s"),
            ("http: {trusted_proxies: proxy.example}", "expected a network such as 10.0.0.0/8 or fd00::/8 or unix"),
            ("http: {proxy_fields: forwarded}", "no proxy is trusted"),
            ("http: {cors: {origins: \"*\", credentials: true}}", "cookies only go with origins that are listed"),
            ("http: {rate_limit: {burst: 5}}", "without client or token nothing is limited"),
        ])
    func faulty(text: String, expected: String) {
        let found = faults(text)
        #expect(found.count == 1)
        #expect(found.first?.contains(expected) == true, "\(found)")
    }
}

@Suite struct OutgoingProxySettingsTests {
    @Test("a proxy has a URL and exceptions, and does not show its password")
    func proxy() throws {
        let text = "proxy: {url: \"http://a:secret@proxy:3128\", except: [.hq.example, 10.0.0.0/8]}"
        let proxy = try #require(try settings(text).proxy)
        #expect(proxy.url.text == "http://a:secret@proxy:3128")
        #expect(proxy.exceptions.map(\.text) == [".hq.example", "10.0.0.0/8"])
        #expect(proxy.exceptions.map(\.keyPath.description) == ["router.proxy.except[0]", "router.proxy.except[1]"])
        #expect(!"\(proxy)".contains("secret"))
    }

    @Test("no password of a proxy is shown by config show")
    func masked() throws {
        var diagnostics = Diagnostics()
        let text = "router: {proxy: {url: \"http://a:hush@proxy:3128\"}}"
        let node = try #require(YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics))
        let shown = node.yaml(maskingSecretsBy: RouterConfiguration.schema(of: node, adapters: adapters))
        #expect(shown.contains("proxy:3128") && !shown.contains("hush"))
    }
}

@Suite struct RestartTests {
    @Test(
        "what is taken up by a reload needs no restart, and the rest is named",
        arguments: [
            (certificate, ["router.tls"]), ("http: {access_log: true, cors: {origins: \"*\"}}", []),
            ("limits: {message: 1MiB}", []),
            ("http: {idle_timeout: 1m}", ["router.http.idle_timeout"]),
            ("limits: {spool: 1GiB}", ["router.limits.spool"]),
            ("proxy: {url: \"http://p:1\"}", ["router.proxy"]), ("listen: {http: []}", ["router.listen"]),
            ("retention: 1d", ["router.retention"]), ("http: {connections: 9}", ["router.http.connections"]),
        ] as [(String, [String])])
    func changes(text: String, expected: [String]) throws {
        let old = try #require(load("{}").configuration)
        let new = try #require(load("router:\n" + text.indentedByTwo).configuration)
        #expect(new.difference(from: old).needsRestart == expected)
    }

    @Test("other certificates are taken up by a reload")
    func certificates() throws {
        func loaded(_ text: String) throws -> RouterConfiguration {
            try #require(load("router:\n" + text.indentedByTwo).configuration)
        }
        let old = try loaded(certificate)
        let new = try loaded(
            "tls: {minimum: 1.3, certificates: [{chain: b.pem, key: b.pem}, {chain: a.pem, key: k.pem}]}")
        #expect(new.difference(from: old).needsRestart == [])
        #expect(new.router.tls != old.router.tls)
    }
}

@Suite struct MailSettingsTests {
    @Test("a user whose name is an address sends under it, another one under what is said")
    func users() throws {
        let mail = try settings(
            certificate + """
                smtp:
                  require_login: true
                  users:
                    ann@hq.example: {password: one}
                    ci: {password: two, senders: [a@ci.example, "*@b.example"]}
                """
        ).mail
        #expect(mail.requiresLogin)
        #expect(mail.users.map(\.name) == ["ann@hq.example", "ci"])
        #expect(mail.users.map { $0.password.reveal() } == ["one", "two"])
        #expect(mail.users.map { $0.senders.map(\.text) } == [["ann@hq.example"], ["a@ci.example", "*@b.example"]])
        #expect(!"\(mail)".contains("one"))
        #expect(try settings("name: a").mail == MailSettings())
    }

    @Test(
        "users that could never log in, or send, are told with their place",
        arguments: [
            (
                "smtp: {users: {a@b: {password: x}}}",
                """
                routes.yaml:2:17: router.smtp.users: passwords are taken under TLS only, which needs a certificate: name one \
                in router.tls.certificates
                """
            ),
            (
                certificate + "smtp: {users: {ci: {password: x}}}",
                """
                routes.yaml:3:22: router.smtp.users.ci.senders: "ci" is no address, so say which addresses this user may \
                send under
                """
            ),
            (
                certificate + "smtp: {users: {a@b: {password: \"\"}}}",
                "routes.yaml:3:34: router.smtp.users.a@b.password: the password is empty"
            ),
            (
                certificate + "smtp: {require_login: true}",
                "routes.yaml:3:25: router.smtp.require_login: nobody can log in: there are no users"
            ),
        ])
    func faultyUsers(yaml: String, message: String) {
        #expect(faults(yaml) == [message])
    }
}
