/// Which of an entry's texts is posted.
public enum FeedTextForm: String, Sendable, Hashable, CaseIterable {
    /// The short one, or the whole one where there is no other.
    case summary
    /// The whole one, or the short one where there is no other.
    case content
    /// None: the title and the link are enough.
    case none

    /// The text of an entry in this form.
    func text(of entry: FeedEntry) -> FeedText? {
        switch self {
        case .summary: entry.summary ?? entry.content
        case .content: entry.content ?? entry.summary
        case .none: nil
        }
    }
}
