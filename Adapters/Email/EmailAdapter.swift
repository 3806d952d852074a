public import AdapterKit
public import Configuration
import Logging
public import Messages
import Transport

/// Bridges mail: what the router's ``SMTPListener`` takes comes in, dispatches go out through a mail server.
public struct EmailAdapter: Adapter {
    /// What `manifest.yaml` says.
    public static let manifest = AdapterManifest.embedded(PackageResources.manifest_yaml)

    /// The longest that handing a mail to the server takes.
    private static let sendTimeout = Duration.seconds(120)

    let settings: EmailSettings
    let context: AdapterContext

    /// Finds what is wrong with settings that fit the manifest.
    public static func check(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {
        // The router's name is only the default of a setting; any name does.
        _ = try EmailSettings(settings, router: "localhost")
    }

    /// Creates the adapter of one mailbox.
    ///
    /// - Throws: `AdapterError.badSettings` for addresses that are none, and for half of a user and password.
    public init(settings: SettingsObject, context: AdapterContext) throws {
        self.settings = try EmailSettings(settings, router: context.router)
        self.context = context
    }

    /// Says where mail goes out, and waits: mail comes in by the router's own listener.
    public func run() async throws {
        context.health.report(.working(detail: workingDetail))
        if let smarthost = settings.smarthost, smarthost.user != nil, smarthost.security == .none {
            context.logger.warning(
                "the password goes out unprotected", ["server": smarthost.host, "setting": "smtp.tls"])
        }
        try await untilCancelled()
    }

    /// Hands one dispatch to the mail server.
    public func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        guard let smarthost = settings.smarthost else {
            return .rejected(
                reason: "the mailbox \(context.mailbox) sends no mail: its settings have no smtp server")
        }
        if let reason = Self.refusal(of: dispatch.envelope.kind) { return .rejected(reason: reason) }
        let blobs = try await blobs(of: dispatch.envelope)
        let mail: RenderedMail
        do throws(MailError) {
            mail = try renderer.render(dispatch, blobs: blobs)
        } catch {
            return .rejected(reason: error.description)
        }
        let outcome: Result<SMTPResponse, SMTPError>
        do throws(SMTPError) {
            outcome = .success(try await context.client.sendMail(request(for: mail, to: smarthost)))
        } catch {
            outcome = .failure(error)
        }
        report(outcome, smarthost)
        return MailOutcome(outcome, server: smarthost.host).receipt(messageID: mail.messageID)
    }

    private var workingDetail: String {
        settings.smarthost.map { "sends through \($0.host):\($0.port)" } ?? "only receives"
    }

    private var renderer: MailRenderer {
        MailRenderer(
            address: settings.address.address, name: settings.name, mailbox: context.mailbox, router: context.router)
    }

    /// What mail cannot say.
    private static func refusal(of kind: MessageKind) -> String? {
        switch kind {
        case .message, .event, .bounce, .edit: nil
        case .retract: "a mail cannot be taken back"
        case .reaction, .receipt, .typing: "mail has no \(kind.rawValue)"
        }
    }

    private func blobs(of envelope: Envelope) async throws -> [String: [UInt8]] {
        var blobs: [String: [UInt8]] = [:]
        for part in envelope.parts {
            guard case .blob(let reference) = part.content, blobs[reference.digest] == nil else { continue }
            blobs[reference.digest] = try await context.blobs.read(reference)
        }
        return blobs
    }

    private func request(for mail: RenderedMail, to smarthost: EmailSettings.Smarthost) -> SMTPRequest {
        let credentials = smarthost.user.map { SMTPCredentials(user: $0, password: smarthost.password.reveal()) }
        return SMTPRequest(
            host: smarthost.host, port: smarthost.port, security: smarthost.security, credentials: credentials,
            heloName: settings.hello, sender: mail.sender, recipients: [mail.recipient], message: mail.bytes,
            timeout: Self.sendTimeout)
    }

    /// The mailbox is as well as its server, whatever becomes of single mails.
    private func report(_ outcome: Result<SMTPResponse, SMTPError>, _ smarthost: EmailSettings.Smarthost) {
        switch outcome {
        case .success:
            guard context.health.report(.working(detail: workingDetail)) else { return }
            context.logger.info("mail server answers again", ["server": smarthost.host])
        case .failure(let error):
            guard MailOutcome.isServerFault(error) else { return }
            guard context.health.report(.failing(reason: error.description)) else { return }
            context.logger.warning("mail server fails", ["server": smarthost.host, "reason": error.description])
        }
    }
}
