extension HTTPBodyError {
    /// What the client is told of it.
    var refusal: HTTPRefusal {
        switch self {
        case .tooLarge(let limit):
            .status(.contentTooLarge, "the body of the request has more than \(limit) bytes")
        case .tooSlow: .status(.requestTimeout, "the body of the request came too slowly")
        case .malformed(let detail): .bad(detail)
        case .lost: .lost(.closed)
        case .cancelled: .lost(.cancelled)
        }
    }

    /// What reading a body of at most `limit` bytes was refused for.
    init(_ refusal: HTTPRefusal, limit: Int) {
        switch refusal {
        case .status(.contentTooLarge, _): self = .tooLarge(limit: limit)
        case .status(_, let detail): self = .malformed(detail)
        case .lost: self = .lost
        }
    }
}
