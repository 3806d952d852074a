import Configuration
import Email
import Logging
import Messages
import Routing
import Transport

/// The places where a router listens.
struct RouterListeners: Sendable {
    /// A listener for mail.
    private struct Mail: Sendable {
        let service: ListenSettings.Service
        let listener: SMTPListener
    }

    private let web: [WebListener]
    private let mail: [Mail]
    /// The control socket.
    private let control: WebListener

    /// Listens at every place of the settings, and at the control socket; connections wait until ``run(in:)``.
    ///
    /// - Throws: what keeps the router from listening at one of the places.
    init(
        _ settings: RouterSettings, _ front: RouterFront, on loops: EventLoopGroup, sockets: ListeningSockets,
        logger: Logger
    ) async throws {
        var web: [WebListener] = []
        var mail: [Mail] = []
        let options = ListenerOptions(
            maximalConnections: settings.http.connections, unixSocketMode: settings.listen.socketMode)
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(idleTimeout: settings.http.idleTimeout), logger: logger,
            handler: front.endpoints.visitors)
        for place in settings.listen.places {
            let address = try SocketAddress(place.address)
            switch place.service {
            case .http, .https:
                let listener = try await Listener.bind(
                    to: address, on: loops, options: options, sockets: sockets, name: place.service.rawValue,
                    logger: logger)
                let proxies = try TrustedPeers(settings.listen.proxyNetworks[place.service] ?? [])
                web.append(
                    WebListener(
                        service: place.service, listener: listener, server: server,
                        tls: place.service.isSecure ? front.certificates?.web : nil,
                        gate: proxies.isEmpty
                            ? nil : ProxyProtocolGate(ProxyProtocolConfiguration(proxies: proxies), logger: logger)))
            case .smtp, .smtps, .lmtp:
                let listener = try await SMTPListener.bind(
                    to: address, on: loops, options: SMTPListenerOptions(settings, place.service),
                    door: MailDoor(settings, place.service, front.certificates, logger: logger), sockets: sockets,
                    name: place.service.rawValue, logger: logger)
                listener.update(users: try settings.mail.accounts)
                mail.append(Mail(service: place.service, listener: listener))
            }
        }
        let socket = SocketAddress.unix(path: RouterPaths(data: settings.data).socket)
        control = WebListener(
            service: .http,
            listener: try await Listener.bind(
                to: socket, on: loops, sockets: sockets, name: "control", logger: logger),
            server: HTTPServer(logger: logger, handler: front.endpoints.operators))
        self.web = web
        self.mail = mail
    }

    /// Serves in tasks of the group, one for each place, until ``shutdown(within:)`` or cancellation.
    func run(in group: inout ThrowingTaskGroup<Void, any Error>) {
        for place in web + [control] { group.addTask { await place.run() } }
        for place in mail { group.addTask { await place.listener.run() } }
    }

    /// Takes nothing new, and returns when what is under way has ended or the time is over.
    ///
    /// - Parameters:
    ///   - time: How long that may take.
    ///   - idleGrace: How long clients that are connected may still begin something.
    func shutdown(within time: Duration, idleGrace: Duration = .zero) async {
        await withTaskGroup { group in
            for place in web + [control] {
                group.addTask { await place.listener.shutdown(within: time, idleGrace: idleGrace) }
            }
            for place in mail {
                group.addTask { await place.listener.shutdown(within: time, idleGrace: idleGrace) }
            }
        }
    }

    /// Replaces the users who may log in to hand in mail.
    func update(users: [MailUser]) {
        for place in mail { place.listener.update(users: users) }
    }

    /// Replaces the mailboxes that mail comes in by.
    func update(receivers: [any MailReceiver]) {
        for place in mail { place.listener.update(receivers: receivers) }
    }
}

extension RouterListeners: CustomStringConvertible {
    /// The page of the inbox: by the first listener that a browser can reach.
    var page: String? {
        web.first { !$0.listener.localAddress.isUnix }.map { "\($0.service)://\($0.listener.localAddress)/inbox" }
    }

    /// Every place with what is spoken there, the control socket aside: `http 127.0.0.1:8025, smtp 127.0.0.1:2525`.
    var description: String {
        let places =
            web.map { "\($0.service) \($0.listener.localAddress)" }
            + mail.map { "\($0.service) \($0.listener.localAddress)" }
        return places.isEmpty ? "nothing" : places.joined(separator: ", ")
    }

    /// The places for the status report.
    var status: JSON {
        .array(
            web.map(\.status)
                + mail.map { place in
                    [
                        "protocol": .string(place.service.rawValue),
                        "address": .string("\(place.listener.localAddress)"),
                    ]
                })
    }
}
