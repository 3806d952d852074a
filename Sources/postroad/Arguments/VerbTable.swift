import Configuration

/// The verbs, in the order that help lists them.
enum VerbTable {
    static let all: [any Verb.Type] = [
        InitVerb.self, CheckVerb.self, ServeVerb.self, RestartVerb.self, SendVerb.self, ExplainVerb.self,
        TraceVerb.self, TailVerb.self, ReplayVerb.self, RoutesListVerb.self,
        RoutesShowVerb.self, RoutesGraphVerb.self,
        SpoolListVerb.self, SpoolShowVerb.self, SpoolRetryVerb.self, SpoolDropVerb.self, SpoolHoldVerb.self,
        SpoolReleaseVerb.self, SpoolRerouteVerb.self, SpoolAuditVerb.self, SpoolCheckVerb.self, SpoolRepairVerb.self,
        SpoolBackupVerb.self, SpoolRestoreVerb.self, MailboxesListVerb.self, MailboxesShowVerb.self,
        MailboxesPauseVerb.self,
        MailboxesResumeVerb.self, MailboxesResetVerb.self, SubscriptionsListVerb.self, SubscriptionsAddVerb.self,
        SubscriptionsRemoveVerb.self, ListsListVerb.self, ListsShowVerb.self, ListsSetVerb.self, ListsRemoveVerb.self,
        ListsJoinVerb.self, ListsLeaveVerb.self, ListsOwnVerb.self, ListsDisownVerb.self, ListsMuteVerb.self,
        ListsUnmuteVerb.self, InboxVerb.self, FeedVerb.self, MailVerb.self,
        StatusVerb.self, ConfigShowVerb.self,
        CertificateMakingVerb.self, CertificateShowVerb.self, DocsVerb.self, VersionVerb.self, HelpVerb.self,
    ]

    /// Finds the verb that the words begin with, and what follows it.
    ///
    /// - Throws: ``CommandError/usage(_:verb:)`` that names the nearest verb.
    static func find(_ words: [String]) throws(CommandError) -> (verb: any Verb.Type, rest: [String]) {
        for count in [2, 1] where words.count >= count {
            let name = words.prefix(count).joined(separator: " ")
            if let verb = all.first(where: { $0.declaration.name == name }) {
                return (verb, Array(words.dropFirst(count)))
            }
        }
        guard let first = words.first else { throw .usage("postroad: a verb is missing", verb: nil) }
        let group = group(first)
        if !group.isEmpty {
            let verbs = group.map { $0.name.dropFirst(first.count + 1) }
            let near = words.count > 1 ? nearest(to: words[1], among: verbs.map(String.init)) : nil
            throw .usage(
                "postroad \(first): expected one of \(verbs.joined(separator: ", "))"
                    + (near.map { "; did you mean \"\($0)\"?" } ?? ""), verb: first)
        }
        throw .usage("postroad: no verb \"\(first)\"\(advice(on: first))", verb: nil)
    }

    /// The verbs of a group, `spool` say; none for a word that is no group.
    static func group(_ name: String) -> [VerbDeclaration] {
        all.map { $0.declaration }.filter { $0.name.hasPrefix("\(name) ") }
    }

    /// What may have been meant: a verb whose second word it is, or one that is spelled nearly so.
    private static func advice(on word: String) -> String {
        let names = all.map { $0.declaration.name }
        let ends = names.filter { $0.hasSuffix(" \(word)") }
        if !ends.isEmpty { return "; there is \(ends.map { "\"\($0)\"" }.joined(separator: " and "))" }
        let candidates = Set(names + names.map(\.firstWord)).sorted()
        return nearest(to: word, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
    }
}

extension String {
    /// The text up to the first space.
    var firstWord: String { String(prefix { $0 != " " }) }
}
