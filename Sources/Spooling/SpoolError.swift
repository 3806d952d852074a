/// Why the spool did not do what it was asked to.
public enum SpoolError: Error, Sendable, Hashable {
    /// There is no room: the disk or the spool's limit is full.
    case full(detail: String)
    /// The disk failed.
    case disk(detail: String)
    /// The file was written by a newer release.
    case newerSchema(file: Int, supported: Int, path: String)
    /// The file is no spool, or another process has it open.
    case unusable(path: String, detail: String)
    /// A filter could not be parsed.
    case badFilter(text: String, offset: Int, reason: String)
    /// The spool is closed.
    case closed
}

extension SpoolError: CustomStringConvertible {
    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .full(let detail): "the spool is full (\(detail)); make room on the disk or raise router.limits.spool"
        case .disk(let detail): "the spool's disk failed: \(detail)"
        case .newerSchema(let file, let supported, let path):
            "\(path) has schema \(file), this release reads up to \(supported); start the newer release that wrote it, or go "
                + "back to the copy that it made before its upgrade (\(path).schema-…, docs/operations.md)"
        case .unusable(let path, let detail): "\(path) cannot be used as a spool: \(detail)"
        case .badFilter(let text, let offset, let reason): "bad filter \"\(text)\" at offset \(offset): \(reason)"
        case .closed: "the spool is closed: the router is stopping"
        }
    }
}
