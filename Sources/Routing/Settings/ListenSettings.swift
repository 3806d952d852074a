import Configuration

/// Where the router listens: `router.listen` in routes.yaml.
public struct ListenSettings: Sendable, Hashable {
    /// What is spoken at an address.
    public enum Service: String, Sendable, Hashable, CaseIterable {
        /// HTTP/1.1 and, by prior knowledge, HTTP/2.
        case http
        /// HTTP/1.1 and HTTP/2 under TLS.
        case https
        /// Mail from other programs.
        case smtp
        /// Mail from other programs, under TLS from the first byte.
        case smtps
        /// Mail from a mail server.
        case lmtp

        /// Whether TLS begins with the first byte.
        public var isSecure: Bool { self == .https || self == .smtps }
    }

    /// A place to listen at.
    public struct Place: Sendable, Hashable {
        /// What is spoken there.
        public var service: Service
        /// An address and a port, or `unix:` and a path.
        public var address: String

        /// Creates a place.
        public init(_ service: Service, _ address: String) {
            self.service = service
            self.address = address
        }
    }

    /// The places, service by service, each service's in the order of the file.
    public var places: [Place]
    /// The permission bits of Unix sockets.
    public var socketMode: UInt32
    /// The networks, by service, whose connections begin with a PROXY header.
    public var proxyNetworks: [Service: [String]]

    /// Creates settings; what is not given is as in a file that does not give it.
    public init(
        _ places: [Place] = [Place(.http, "127.0.0.1:8025")], socketMode: UInt32 = 0o600,
        proxyNetworks: [Service: [String]] = [:]
    ) {
        self.places = places
        self.socketMode = socketMode
        self.proxyNetworks = proxyNetworks
    }

    /// The addresses at which a service is spoken.
    public func addresses(of service: Service) -> [String] {
        places.filter { $0.service == service }.map(\.address)
    }
}

extension ListenSettings {
    /// Reads the checked settings; what is still wrong with them is reported.
    init(_ settings: SettingsObject, hasCertificates: Bool, diagnostics: inout Diagnostics) {
        var places: [Place] = []
        let networks = settings.object("proxy_protocol")
        var proxyNetworks: [Service: [String]] = [:]
        for service in Service.allCases {
            let values = settings.list(service.rawValue)
            for value in values {
                let place = Place(service, value.path(after: "unix:") ?? value.string ?? "")
                Self.check(place, value, among: places, diagnostics: &diagnostics)
                places.append(place)
            }
            if service.isSecure, !hasCertificates, let first = values.first {
                diagnostics.error(
                    "TLS needs a certificate: name one in router.tls.certificates, or make one to begin with by "
                        + "`postroad cert self-signed`", at: first.position, keyPath: first.keyPath)
            }
            let given = networks.strings(service.rawValue)
            if !given.isEmpty { proxyNetworks[service] = given }
            if !given.isEmpty, values.isEmpty {
                diagnostics.warning(
                    "the router does not listen for \(service.rawValue)", at: networks.position(of: service.rawValue),
                    keyPath: networks.keyPath(of: service.rawValue))
            }
        }
        self.init(
            places, socketMode: Self.mode(settings, diagnostics: &diagnostics), proxyNetworks: proxyNetworks)
    }

    /// Two listeners at one address cannot be; port 0 is another one each time.
    private static func check(
        _ place: Place, _ value: SettingValue, among places: [Place], diagnostics: inout Diagnostics
    ) {
        guard !place.address.hasSuffix(":0"), let other = places.first(where: { $0.address == place.address }) else {
            return
        }
        diagnostics.error(
            "\(other.service.rawValue) listens at \(shown(place.address)) already", at: value.position,
            keyPath: value.keyPath)
    }

    private static func mode(_ settings: SettingsObject, diagnostics: inout Diagnostics) -> UInt32 {
        let text = settings.string("socket_mode")
        if text.utf8.count <= 4, let mode = UInt32(text, radix: 8), mode <= 0o777, mode & 0o600 == 0o600 { return mode }
        if settings.isValid {
            diagnostics.error(
                "expected permissions in octal that let the router itself read and write, such as 0600 or 0660",
                at: settings.position(of: "socket_mode"), keyPath: settings.keyPath(of: "socket_mode"))
        }
        return 0o600
    }
}
