public import Messages

/// What can be changed about an address and a list.
public enum MembershipChange: String, Sendable, CaseIterable {
    /// It becomes a member; an owner who joins stays one.
    case join
    /// It leaves, and is neither member nor owner any more.
    case leave
    /// It becomes an owner.
    case own
    /// It is an owner no more, but stays a member.
    case disown
    /// It may not write.
    case mute
    /// It may write again.
    case unmute
}

extension MailingList {
    /// Why somebody may not change the membership of an address; `nil` when they may.
    public func refusal(of change: MembershipChange, for address: Address, by actor: Address) -> String? {
        if owners.contains(actor) { return nil }
        switch change {
        case .leave where address == actor: return nil
        case .join where address == actor && muted.contains(address):
            return "\(shownAddress): \(address) is muted there, so an owner has to let it in again"
        case .join where address == actor && joining == .open: return nil
        case .join where address == actor: return "\(shownAddress): members are added by its owners"
        default: return "\(shownAddress): only its owners may do that, and \(actor) is none"
        }
    }

    /// What an address is to the list after a change.
    public func membership(
        of address: Address, after change: MembershipChange, at time: Timestamp, by decider: String
    ) -> ListMembership {
        var role: ListMembership.Role =
            owners.contains(address) ? .owner : members.contains(address) ? .member : .left
        var isMuted = muted.contains(address)
        switch change {
        case .join: if role == .left { role = .member }
        case .leave: role = .left
        case .own: role = .owner
        case .disown: if role == .owner { role = .member }
        case .mute: isMuted = true
        case .unmute: isMuted = false
        }
        return ListMembership(
            list: name, address: address, role: role, isMuted: isMuted, since: time, decider: decider)
    }
}
