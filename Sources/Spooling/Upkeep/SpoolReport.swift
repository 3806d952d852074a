/// What is wrong with a spool, at one place.
public struct SpoolFinding: Sendable, Hashable {
    /// The table and the row, the blob, or the file.
    public var place: String
    /// What is wrong there.
    public var problem: String

    /// Creates a finding.
    public init(place: String, problem: String) {
        self.place = place
        self.problem = problem
    }
}

/// What a check of a spool found.
public struct SpoolReport: Sendable {
    /// The most findings that are kept; more are only counted.
    public static let maximumFindings = 1_000

    /// The number of the file's schema.
    public var schema = 0
    /// How many messages were looked at.
    public var messages = 0
    /// How many dispatches there are.
    public var dispatches = 0
    /// How many blobs were looked at.
    public var blobs = 0
    /// How many rows were set aside earlier, and are known not to be readable.
    public var setAside = 0
    /// What is wrong, at most ``maximumFindings``.
    public private(set) var findings: [SpoolFinding] = []
    /// How much is wrong.
    public private(set) var findingCount = 0
    /// Whether something is wrong with the database, and not with blobs alone.
    public private(set) var isDatabaseDamaged = false

    /// Whether nothing is wrong.
    public var isSound: Bool { findingCount == 0 }

    mutating func add(_ place: String, _ problem: String, isBlob: Bool = false) {
        findingCount += 1
        if !isBlob { isDatabaseDamaged = true }
        if findings.count < Self.maximumFindings { findings.append(SpoolFinding(place: place, problem: problem)) }
    }
}

/// How far work on a spool is.
public struct SpoolProgress: Sendable {
    /// What is looked at or copied, in a few words.
    public var step: String
    /// How much of it is done.
    public var done: Int
    /// How much there is; `nil` when that is not known.
    public var total: Int?
}
