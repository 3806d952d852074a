public import AdapterKit
import Clocks
import Logging
import Messages

extension EmailAdapter: MailReceiver {
    /// The domain of the mailbox's address.
    public var domains: Set<String> { [settings.address.domain] }

    /// How well a recipient fits `accepts`; the postmaster fits every mailbox.
    public func match(_ recipient: String) -> RecipientMatch? {
        let parsed = MailRecipient(recipient)
        let best = settings.accepts.compactMap { $0.match(parsed) }.max()
        return best ?? (parsed.isPostmaster(of: domains) ? .any : nil)
    }

    /// Accepts a mail: one message for each class among its recipients, all or none of them.
    ///
    /// - Throws: `AcceptError` when nothing was kept.
    public func receive(_ mail: IncomingMail) async throws(AcceptError) -> String {
        // Reading a large mail takes a while, which the other connections of the loop should not wait for.
        let read = await withTaskExecutorPreference(globalConcurrentExecutor) { envelopes(of: mail) }
        let arrivals: [MailEnvelope]
        switch read {
        case .success(let envelopes): arrivals = envelopes
        case .failure(let error): throw .refused(reason: error.description)
        }
        // The texts and files are the same for each class.
        for blob in arrivals.first?.blobs ?? [] { try await store(blob) }
        let accepted = try await context.acceptor.accept(
            arrivals.map { arrival in
                Arrival(
                    envelope: arrival.envelope, eventKey: arrival.eventKey, fingerprint: arrival.fingerprint,
                    remoteID: arrival.envelope.meta["message_id"]?.string,
                    client: (mail.transaction.identity.map { "\($0.name) from " } ?? "") + mail.client)
            })
        for (arrival, acceptance) in zip(arrivals, accepted) where acceptance.isDuplicate {
            context.logger.info(
                "mail repeated",
                [
                    "key": arrival.eventKey, "id": acceptance.id,
                    "content": acceptance.hasSameFingerprint ? "the same" : "another",
                ])
        }
        return accepted.map { "\($0.id)" }.joined(separator: " ")
    }

    private func envelopes(of mail: IncomingMail) -> Result<[MailEnvelope], MailError> {
        do throws(MailError) {
            return .success(try read(mail))
        } catch {
            return .failure(error)
        }
    }

    private func read(_ mail: IncomingMail) throws(MailError) -> [MailEnvelope] {
        let parsed = try MailParser.parse(mail.transaction.message)
        let sender = mail.transaction.sender
        if let identity = mail.transaction.identity {
            guard let author = parsed.from?.address, identity.maySend(as: author) else {
                throw .foreignAuthor(user: identity.name)
            }
        }
        var found: [MailEnvelope] = []
        for (name, recipients) in classes(of: mail.transaction.recipients) {
            var facts = MailFacts(
                mailbox: context.mailbox, class: name, receivedAt: context.clock.now,
                returnPath: sender.isEmpty ? nil : MailAddress(address: sender).normalized,
                hasNullSender: sender.isEmpty,
                recipients: recipients, hello: mail.transaction.hello, client: mail.client)
            facts.user = mail.transaction.identity?.name
            facts.tls = mail.transaction.tls
            found.append(try MailEnvelope(parsed, facts: facts, id: context.makeMessageID()))
        }
        return found
    }

    /// The recipients by class, each once, in the order they were named in.
    private func classes(of recipients: [String]) -> [(name: String, recipients: [String])] {
        var classes: [(name: String, recipients: [String])] = []
        for recipient in recipients {
            let name = Topic.sanitizedClass(MailRecipient(recipient).name, fallback: "mail")
            if let index = classes.firstIndex(where: { $0.name == name }) {
                if !classes[index].recipients.contains(recipient) { classes[index].recipients.append(recipient) }
            } else {
                classes.append((name, [recipient]))
            }
        }
        return classes
    }

    private func store(_ blob: [UInt8]) async throws(AcceptError) {
        do {
            _ = try await context.blobs.store(blob)
        } catch let error as AcceptError {
            throw error
        } catch {
            throw .unavailable(reason: "a part of the message could not be stored: \(error)")
        }
    }
}
