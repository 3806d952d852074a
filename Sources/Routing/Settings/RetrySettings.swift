import Configuration

/// When deliveries that failed are tried again: `retry` of a mailbox.
public struct RetrySettings: Sendable, Hashable {
    /// The schedule of one class of failures.
    public struct Schedule: Sendable, Hashable {
        /// How long after the first attempt.
        public var first: Duration
        /// How many times longer each next wait is.
        public var factor: Double
        /// The longest wait.
        public var maximum: Duration
        /// How far each wait is moved at random, as a share of it.
        public var jitter: Double
        /// The most attempts in all; `nil` for no limit.
        public var attempts: Int?
        /// How long after its acceptance a message is given up; `nil` for when it expires.
        public var until: Duration?

        /// Creates a schedule; what is not given is as in a file that does not give it.
        public init(
            first: Duration = .seconds(30), factor: Double = 2, maximum: Duration = .seconds(14_400),
            jitter: Double = 0.2, attempts: Int? = nil, until: Duration? = nil
        ) {
            self.first = first
            self.factor = factor
            self.maximum = maximum
            self.jitter = jitter
            self.attempts = attempts
            self.until = until
        }
    }

    /// For what the platform cannot take now.
    public var deferred: Schedule
    /// For what the platform may have.
    public var unknown: Schedule
    /// For what the platform refuses.
    public var rejected: Schedule
    /// Whether what the platform may have waits for a person; `nil` for what suits the adapter.
    public var holdsUnknown: Bool?

    /// Creates settings; what is not given is as in a file that does not give it.
    public init(
        deferred: Schedule = Schedule(), unknown: Schedule = Schedule(), rejected: Schedule = Schedule(attempts: 1),
        holdsUnknown: Bool? = nil
    ) {
        self.deferred = deferred
        self.unknown = unknown
        self.rejected = rejected
        self.holdsUnknown = holdsUnknown
    }
}

extension RetrySettings {
    /// Reads the checked settings; what is still wrong with them is reported.
    ///
    /// - Parameters:
    ///   - settings: the mapping `retry`.
    ///   - expires: how long the mailbox tries at all.
    ///   - diagnostics: where faults go.
    init(_ settings: SettingsObject, expires: Duration, diagnostics: inout Diagnostics) {
        let common = Schedule(
            first: settings.duration("first"), factor: settings.number("factor"),
            maximum: settings.duration("maximum"), jitter: settings.number("jitter"))
        Self.check(settings, common, expires, &diagnostics)
        func schedule(_ name: String) -> Schedule {
            guard let own = settings.objectIfGiven(name) else { return common }
            let schedule = Schedule(own, common)
            // What is wrong with the common part is told there, once.
            if own.isGiven("first") || own.isGiven("maximum") || own.isGiven("until") {
                Self.check(own, schedule, expires, &diagnostics)
            }
            return schedule
        }
        self.init(deferred: schedule("deferred"), unknown: schedule("unknown"), rejected: schedule("rejected"))
        holdsUnknown = settings.objectIfGiven("unknown")?.booleanIfGiven("hold")
        finishRejected(settings.objectIfGiven("rejected"), &diagnostics)
    }

    private mutating func finishRejected(_ settings: SettingsObject?, _ diagnostics: inout Diagnostics) {
        guard rejected.attempts == nil else { return }
        rejected.attempts = 1
        guard let settings else { return }
        let given = settings.schema.settings.map(\.name).first(where: settings.isGiven)
        guard let given else { return }
        diagnostics.warning(
            "what is rejected is not tried again unless attempts is given", at: settings.position(of: given),
            keyPath: settings.keyPath(of: given))
    }

    private static func check(
        _ settings: SettingsObject, _ schedule: Schedule, _ expires: Duration, _ diagnostics: inout Diagnostics
    ) {
        guard settings.isValid else { return }
        if schedule.first > schedule.maximum {
            diagnostics.error(
                "first is longer than maximum", at: settings.position(of: "first"),
                keyPath: settings.keyPath(of: "first"))
        }
        if let until = schedule.until, until > expires {
            diagnostics.warning(
                "until is longer than the mailbox's expires, which comes first",
                at: settings.position(of: "until"), keyPath: settings.keyPath(of: "until"))
        }
    }
}

extension RetrySettings.Schedule {
    /// The schedule of a class: its own values, else the common ones.
    fileprivate init(_ own: SettingsObject, _ common: Self) {
        self.init(
            first: own.durationIfGiven("first") ?? common.first, factor: own.numberIfGiven("factor") ?? common.factor,
            maximum: own.durationIfGiven("maximum") ?? common.maximum,
            jitter: own.numberIfGiven("jitter") ?? common.jitter, attempts: own.integerIfGiven("attempts"),
            until: own.durationIfGiven("until"))
    }
}
