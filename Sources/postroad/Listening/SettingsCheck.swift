import Configuration
import Email
import Messages
import Routing
import Transport

/// Finds what is wrong with settings that only the parts that use them can judge: certificates and proxies.
enum SettingsCheck {
    /// What is wrong or doubtful, each at its place in routes.yaml.
    static func diagnostics(_ settings: RouterSettings, now: Timestamp) -> [Diagnostic] {
        certificates(settings.tls, now: now) + senders(settings.mail) + (settings.proxy.map(proxy) ?? [])
    }

    private static func certificates(_ settings: TLSSettings, now: Timestamp) -> [Diagnostic] {
        var settings = settings
        var found = clientAuthorities(settings)
        // With a faulty file of authorities every certificate would be reported for it.
        if !found.isEmpty { settings.clientCertificates = .none }
        for certificate in settings.certificates {
            let configuration = settings.configuration(of: [certificate]) { now.seconds }
            do throws(TLSError) {
                let warnings = try TLSServerContext(configuration).warnings
                found += warnings.map { certificate.file(of: $0).diagnostic(.warning, $0.description) }
            } catch {
                found.append(certificate.file(of: error).diagnostic(.error, error.description))
            }
        }
        return found
    }

    private static func clientAuthorities(_ settings: TLSSettings) -> [Diagnostic] {
        guard settings.clientCertificates != .none, let file = settings.clientCA else { return [] }
        do throws(TLSError) {
            _ = try TLSTrust.file(file.text).check()
            return []
        } catch {
            return [file.diagnostic(.error, error.description)]
        }
    }

    private static func senders(_ settings: MailSettings) -> [Diagnostic] {
        settings.users.flatMap(\.senders).filter { !MailUser.isSender($0.text) }.map { sender in
            sender.diagnostic(.error, "expected an address, *@domain or *, got \"\(sender.text)\"")
        }
    }

    private static func proxy(_ settings: OutgoingProxySettings) -> [Diagnostic] {
        var found: [Diagnostic] = []
        do throws(HTTPProxyError) {
            _ = try HTTPProxy(settings.url.text)
        } catch {
            found.append(settings.url.diagnostic(.error, error.description))
        }
        for exception in settings.exceptions {
            do throws(HTTPProxyExceptionError) {
                _ = try HTTPProxyExceptions(exception.text)
            } catch {
                found.append(exception.diagnostic(.error, error.description))
            }
        }
        return found
    }
}

extension TLSSettings.Certificate {
    fileprivate func file(of warning: TLSWarning) -> PlacedText {
        if case .keyExposed = warning { key } else { chain }
    }

    fileprivate func file(of error: TLSError) -> PlacedText {
        switch error {
        case .unreadable(let path, _), .malformed(let path, _): path == chain.text ? chain : key
        case .noKey, .encryptedKey, .mismatch: key
        default: chain
        }
    }
}
