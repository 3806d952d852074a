import Configuration

/// The verbs, in the order that help lists them.
enum VerbTable {
    static let all: [any Verb.Type] = [
        InitVerb.self, CheckVerb.self, ServeVerb.self, SendVerb.self, ExplainVerb.self, TraceVerb.self,
        SpoolListVerb.self, SpoolShowVerb.self, SpoolRetryVerb.self, SpoolDropVerb.self, SpoolHoldVerb.self,
        SpoolReleaseVerb.self, MailboxesListVerb.self, MailboxesShowVerb.self, MailboxesPauseVerb.self,
        MailboxesResumeVerb.self, MailboxesResetVerb.self, InboxVerb.self, FeedVerb.self, MailVerb.self,
        ConfigShowVerb.self, DocsVerb.self, VersionVerb.self, HelpVerb.self,
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
        let group = all.map { $0.declaration.name }.filter { $0.hasPrefix("\(first) ") }
        if !group.isEmpty {
            let verbs = group.map { $0.dropFirst(first.count + 1) }.joined(separator: ", ")
            throw .usage("postroad \(first): expected one of \(verbs)", verb: first)
        }
        let names = Set(all.flatMap { [$0.declaration.name, $0.declaration.name.firstWord] })
        let near = nearest(to: first, among: names.sorted()).map { "; did you mean \"\($0)\"?" } ?? ""
        throw .usage("postroad: no verb \"\(first)\"\(near)", verb: nil)
    }
}

extension String {
    /// The text up to the first space.
    var firstWord: String { String(prefix { $0 != " " }) }
}
