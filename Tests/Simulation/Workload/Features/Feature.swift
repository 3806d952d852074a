import Messages

/// A part of the workload that a seed has or has not.
///
/// Each draws by a stream of its own, so that what one adds changes nothing that the others draw. That seeds differ in
/// what they have finds more than having everything always: what never happens cannot hide anything else
/// (Groce et al., "Swarm Testing", ISSTA 2012).
package enum Feature: String, Sendable, CaseIterable {
    /// More in a lane than its window holds.
    case backlog
    /// Rates of lanes, and messages of all priorities in a lane that is slow.
    case pacing
    /// Programs that take messages themselves.
    case leases
    /// Parts that are too large for an envelope.
    case blobs
    /// Platforms where people answer, and where our own messages come back.
    case replies
    /// Messages that come of one another, and that have passed many routers.
    case chains
    /// Bounces that bounce, and those of others.
    case bounces
    /// Mailboxes that go and come back.
    case reinstalls
    /// Platforms that do not know a message again.
    case uncertainty
    /// All that operators can do to a dispatch.
    case actions
    /// Reads, writes and synchronizations that fail now and then.
    case diskFaults
    /// Routers that die again while they start, and at any operation of the disk.
    case crashes
    /// Nobody touches the router when all is well again.
    case handsOff

    /// Those of a seed: none in some, and in the others about a fifth.
    static func drawn(seed: UInt64) -> Set<Feature> {
        var chance = Chance(seed: seed, name: "features")
        guard !chance.happens(0.1) else { return [] }
        return Set(allCases.filter { _ in chance.happens(0.2) })
    }

    /// Adds what happens because of it.
    func add(to plan: inout Plan) {
        var draw = FeatureDraw(self, plan)
        switch self {
        case .backlog: draw.addBacklog(&plan)
        case .pacing: draw.addPacing(&plan)
        case .leases: draw.addLeases(&plan)
        case .blobs: draw.addBlobs(&plan)
        case .replies: plan.hasReplies = true
        case .chains: draw.addChains(&plan)
        case .bounces: draw.addBounces(&plan)
        case .reinstalls: draw.addReinstalls(&plan)
        case .uncertainty: draw.addUncertainty(&plan)
        case .actions: draw.addActions(&plan)
        case .diskFaults: draw.addDiskFaults(&plan)
        case .crashes: draw.addCrashes(&plan)
        case .handsOff: plan.isLeftAlone = true
        }
    }
}
