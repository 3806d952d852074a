/// Where lines go.
public protocol LogOutput: Sendable {
    /// Whether people look at the lines on a terminal that shows colour.
    var usesColour: Bool { get }

    /// Writes one line with its line feed, whole and unmixed with others; tells whether it could.
    func write(_ line: [UInt8]) -> Bool
}
