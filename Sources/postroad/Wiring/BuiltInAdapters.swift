import AdapterKit
import Configuration
import Email
import Feed
import HTTP
import Inbox
import Pull
import Routing
import Webhook

/// The adapters that are built in: an adapter is added here, in `Package.swift`, and by its folder.
enum BuiltInAdapters {
    static let registry = AdapterRegistry([
        EmailAdapter.self, FeedAdapter.self, HTTPAdapter.self, InboxAdapter.self, PullAdapter.self,
        WebhookAdapter.self,
    ])

    /// What the routing table must know of them.
    static let descriptions = registry.names.compactMap { registry[$0] }.map { type in
        AdapterDescription(
            name: type.manifest.name, summary: type.manifest.summary, settings: type.manifest.settings,
            canReceive: type.manifest.abilities.receive, canSend: type.manifest.abilities.send,
            check: { check($0, mailbox: $1, by: type) })
    }

    private static func check(
        _ settings: SettingsObject, mailbox: String, by type: any Adapter.Type
    ) -> [Diagnostic] {
        do throws(AdapterError) {
            try type.check(settings, mailbox: mailbox)
            return []
        } catch {
            if case .badSettings(let diagnostics) = error { return diagnostics }
            return [Diagnostic(.error, at: settings.position, keyPath: settings.keyPath, "\(error)")]
        }
    }
}
