import Messages
import Stages

/// Finds the recipients that a target stands for, for one message.
struct TargetResolver {
    /// A recipient, or why there is none.
    enum Recipient {
        /// The message goes there; what `note` says stands in its trace.
        case address(Address, note: String? = nil)
        /// The message goes to the sender, as an answer.
        case sender(Address)
        /// The message does not go there, for this reason.
        case refused(Address, reason: String)
        /// No address could be made; the message waits for a person.
        case unclear(reason: String)
    }

    let table: RouteTable
    let envelope: Envelope
    let context: StageContext

    /// The recipients of a target, each once.
    func recipients(of target: RouteTarget) -> [Recipient] {
        switch target {
        case .address(let address): [.address(address)]
        case .template(let template, let text): [recipient(template, text)]
        case .reply: [reply]
        case .list(let name): members(of: name)
        case .subscribers:
            table.subscribers(for: envelope).map { .address($0.address, note: "subscribers") }
        case .split(let shares): split(shares)
        }
    }

    /// The recipients of an address: it itself, or the members of a list.
    func recipients(of address: Address) -> [Recipient] {
        guard address.peers.isEmpty, address.platform == RouteTarget.listPlatform else { return [.address(address)] }
        return members(of: address.user)
    }

    // MARK: Templates

    private func recipient(_ template: Template, _ text: String) -> Recipient {
        let written: String
        do {
            written = try template.render(envelope, context: context)
        } catch {
            return .unclear(reason: "to: \(text): \(error)")
        }
        do {
            let address = try Address(parsing: written)
            if let senders = table.senders, address.peers.isEmpty, !senders.contains(address.platform) {
                let reason = "no mailbox named \(shown(address.platform)) can send"
                return .unclear(reason: "to: \(text) makes \(shown(written)), and \(reason)")
            }
            return .address(address, note: "\(text) makes \(address)")
        } catch {
            return .unclear(reason: "to: \(text) makes \(shown(written)), which is no address: \(error.reason)")
        }
    }

    // MARK: Answers

    private var reply: Recipient {
        let sender = envelope.replyTo ?? envelope.from
        if envelope.isAutomatic {
            return .refused(sender, reason: "reply: a machine wrote the message, so it gets no automatic answer")
        }
        if let senders = table.senders, sender.peers.isEmpty, !senders.contains(sender.platform) {
            return .refused(sender, reason: "reply: the mailbox \(shown(sender.platform)) cannot send")
        }
        return .sender(sender)
    }

    // MARK: Lists

    private func members(of name: String) -> [Recipient] {
        guard let list = table.list(named: name) else {
            return [.unclear(reason: "there is no list named \(shown(name)) any more")]
        }
        if let reason = list.refusal(of: envelope), let address = try? Address(parsing: list.shownAddress) {
            return [.refused(address, reason: reason)]
        }
        // Whoever writes to a list knows what was written.
        return list.members.filter { $0 != envelope.from }.map { .address($0, note: list.shownAddress) }
    }

    // MARK: Several ways

    private func split(_ shares: [SplitShare]) -> [Recipient] {
        let total = shares.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return [] }
        var rest = Int(envelope.id.mixed % UInt64(total))
        for share in shares {
            if rest < share.weight {
                return [.address(share.address, note: "split: \(share.weight) of \(total)")]
            }
            rest -= share.weight
        }
        return []
    }
}

extension MessageID {
    /// A number in which all bits of the id have a part, the same on every machine: SplitMix64's last step.
    fileprivate var mixed: UInt64 {
        var hash = high &* 0x9E37_79B9_7F4A_7C15 ^ low
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }
}
