public import Configuration
public import Messages

/// One step of middleware: it lets a message pass, changed or not, copies it, drops it or holds it.
///
/// A stage is a value without memory: what it does depends on the envelope, its settings and the context, and nothing else.
/// It runs inside `accept`, before anything is committed, and again whenever somebody asks what would happen; so it makes
/// no input or output. A stage that needs to is an ``EffectfulStage``.
public protocol Stage: Sendable {
    /// The stage's name, settings, purpose and example.
    static var declaration: StageDeclaration { get }

    /// Makes the stage from settings that fit its declaration.
    ///
    /// Returns `nil` after reporting what else is wrong with them.
    init?(_ arguments: StageArguments, diagnostics: inout Diagnostics)

    /// The addresses that the stage itself sends to, so that their mailboxes can be checked.
    var addresses: [StageAddress] { get }

    /// The fields, by the names `set` has for them, whose new values traces must not show.
    var concealedFields: Set<String> { get }

    /// Does the work on one message.
    ///
    /// - Throws: ``StageError`` when it cannot; the dispatch is then held, with the reason, until somebody looks at it.
    func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult
}

extension Stage {
    /// None: most stages send nothing themselves.
    public var addresses: [StageAddress] { [] }

    /// None: what a stage makes of a message may be known.
    public var concealedFields: Set<String> { [] }
}

/// A step that needs the disk, the network or a person: a model, a script, a request, a confirmation.
///
/// The first one in a chain ends the inline part: the dispatch is committed with the number of this step and goes on from
/// there, after a crash too. So the work may be done twice, and must be safe to repeat.
public protocol EffectfulStage: Sendable {
    /// The stage's name, settings, purpose and example.
    static var declaration: StageDeclaration { get }

    /// Does the work on one message.
    ///
    /// - Throws: ``StageError`` when it cannot; the dispatch is then held with the reason.
    func process(_ envelope: Envelope, context: StageContext) async throws(StageError) -> StageResult
}

/// What a stage knows beside the message.
public struct StageContext: Sendable {
    /// The time of the run.
    public var now: Timestamp
    /// This router's name.
    public var router: String
    /// Where the message is going; `nil` when that is not known yet.
    public var recipient: Address?

    /// Creates a context.
    public init(now: Timestamp, router: String, recipient: Address? = nil) {
        self.now = now
        self.router = router
        self.recipient = recipient
    }
}

/// What a stage made of a message.
public enum StageResult: Sendable, Hashable {
    /// These go on to the next stage; each of `copies` goes to its address as it is. What changed in the envelope is
    /// traced by itself; `notes` are what the stage has to say besides, a line each.
    case pass([Envelope], copies: [StageCopy] = [], notes: [String] = [])
    /// The message ends here.
    case drop(reason: String)
    /// The message waits for a person, or until a time.
    case hold(reason: String, until: Timestamp?)

    /// One message goes on.
    public static func pass(_ envelope: Envelope, notes: [String] = []) -> StageResult {
        .pass([envelope], copies: [], notes: notes)
    }
}

/// A copy of a message that a stage sends on its own way.
public struct StageCopy: Sendable, Hashable {
    /// Where it goes.
    public var recipient: Address
    /// What goes there.
    public var envelope: Envelope

    /// Creates a copy.
    public init(recipient: Address, envelope: Envelope) {
        self.recipient = recipient
        self.envelope = envelope
    }
}

/// An address that a stage sends to, and where it stands.
public struct StageAddress: Sendable {
    /// The address.
    public var address: Address
    /// Where it stands.
    public var position: SourcePosition
    /// The way to it.
    public var keyPath: NodePath

    /// Creates a mention.
    public init(address: Address, position: SourcePosition, keyPath: NodePath) {
        self.address = address
        self.position = position
        self.keyPath = keyPath
    }
}
