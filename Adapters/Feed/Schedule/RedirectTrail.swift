import Markup

/// The redirections on the way to one answer: how far they may go, and where the feed has moved to for good.
struct RedirectTrail: Sendable, Hashable {
    /// The most redirections that are followed.
    static let maximumHops = 8

    /// The places asked, the first one first.
    private(set) var places: [String]
    /// The last place that only permanent redirections led to.
    private(set) var permanent: String
    private var isPermanent = true

    /// Begins at the place that is configured, or that the feed moved to before.
    init(from start: String) {
        places = [start]
        permanent = start
    }

    /// The place to ask now.
    var current: String { places[places.count - 1] }

    /// Whether a status is a redirection that is followed.
    static func isRedirection(_ status: Int) -> Bool {
        [301, 302, 303, 307, 308].contains(status)
    }

    /// Takes a redirection; afterwards ``current`` is the place it leads to.
    ///
    /// - Throws: ``FetchFault`` for a loop, too many hops, no `Location`, a place that is none, or one without TLS after
    ///   one with it.
    mutating func follow(status: Int, location: String?) throws(FetchFault) {
        guard let location = location?.trimmedOrNil,
            let target = WebReference.resolve(location, against: current).map({ String($0.prefix { $0 != "#" }) }),
            let scheme = WebReference.scheme(of: target), scheme == "http" || scheme == "https"
        else { throw .badRedirection(from: current, location: location ?? "") }
        guard !(scheme == "http" && WebReference.scheme(of: current) == "https") else {
            throw .downgrade(from: current, to: target)
        }
        guard !places.contains(target) else { throw .redirectionLoop(at: target) }
        guard places.count <= Self.maximumHops else { throw .tooManyRedirections(limit: Self.maximumHops) }
        places.append(target)
        if status != 301, status != 308 { isPermanent = false }
        if isPermanent { permanent = target }
    }
}
