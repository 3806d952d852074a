import AdapterKit
import Email
import Feed
import HTTP
import Inbox
import Routing
import Webhook

/// The adapters that are built in: an adapter is added here, in `Package.swift`, and by its folder.
enum BuiltInAdapters {
    static let registry = AdapterRegistry([
        EmailAdapter.self, FeedAdapter.self, HTTPAdapter.self, InboxAdapter.self, WebhookAdapter.self,
    ])

    /// What the routing table must know of them.
    static let descriptions = registry.manifests.map { manifest in
        AdapterDescription(
            name: manifest.name, summary: manifest.summary, settings: manifest.settings,
            canReceive: manifest.abilities.receive, canSend: manifest.abilities.send)
    }
}
