public import Messages

/// A condition on envelopes: the `where:` of a route, compiled.
///
/// A mapping of fields to what they must be; all of them must hold.
///
/// ```yaml
/// where:
///   subject: /swift/i                     # a regular expression is found in it
///   from: "mail:*@example.org"            # a glob: the whole text fits
///   kind: [message, edit]                 # one of these
///   meta.score: ">= 5"                    # a number
///   priority: ">= high"
///   headers.List-Id: {exists: true}
///   any:                                  # any, all, not: nest as you like
///     - {meta.lang: de}
///     - {not: {sender.auto: true}}
/// ```
///
/// **Fields**: every field of an envelope by its name in the API, `from.platform`, `from.user`, `topic.source`,
/// `topic.class`, `arrived` (when this router took it), `language` (`meta.language`: `zh` is `zh-Hans` too),
/// `received.router`, `received.by`, `part.type`, `part.media_type` (in lower case), `part.name` and `part.size` (of
/// several parts one that fits is enough), `meta.NAME` (dots lead into nested objects; of a list one element is
/// enough), `headers.NAME` (in any case).
///
/// **Values**: the text decides what a scalar is, not its quotes, for YAML demands quotes for many of these.
/// - `/…/` with any of the flags `i` (case does not count), `s` (a dot is a line break too), `m` (`^` and `$` stand at
///   line breaks), `x` (white space does not count), `u` (no effect): a regular expression in Perl's syntax, found
///   anywhere. A scalar is one if it begins with `/` and only letters follow its last `/`.
/// - `>= 5`, `> 5`, `<= 5`, `< 5`: a comparison of numbers, or of priorities.
/// - What has a `*` (any number of characters) or `?` (one character) in it: a glob, which the whole text must fit;
///   `\*` is the star itself. For `topic` it is a topic pattern: `*` is one segment, `**` any number of them.
/// - Anything else must be equal, upper and lower case told apart; numbers are compared as numbers.
/// - A list: one of its values must hold.
/// - A mapping of operators, all of which must hold: `eq`, `ne`, `in` (these three take texts as they are, with stars
///   and slashes; `in` also a file, `{file: path}`), `regex` (with or without slashes), `glob`, `lt`, `lte`, `gt`,
///   `gte`, `between`, `contains`, `exists`, `not` (any value); for times also `days` and `zone`.
///
/// A missing field fits nothing but `{exists: false}`, `ne` and `not`.
///
/// A regular expression or glob that takes too many steps on a text is given up; the condition then does not hold, not
/// even where a `not` stands before it, unless another part decides it. ``outcome(for:)`` and ``evaluate(_:)`` tell.
public struct Condition: Sendable, Hashable {
    let expression: Expression

    /// The condition that always holds: that of a route without `where`.
    public static let always = Condition(expression: .all([]))

    /// The fields that have a name of their own, beside `meta.NAME` and `headers.NAME`.
    public static var fieldNames: [String] { Field.names }

    /// Whether the condition holds; builds no text.
    public func matches(_ envelope: Envelope) -> Bool { outcome(for: envelope) == .matches }

    /// Whether the condition holds, or was given up; builds no text.
    public func outcome(for envelope: Envelope) -> MatchOutcome { expression.outcome(for: envelope) }

    /// Whether the condition holds, and why: for `postroad explain`.
    public func evaluate(_ envelope: Envelope) -> Verdict { expression.verdict(for: envelope) }
}

/// The tree of a condition.
indirect enum Expression: Sendable, Hashable {
    case test(Field, Predicate)
    case all([Expression])
    case any([Expression])
    case not(Expression)

    func outcome(for envelope: Envelope) -> MatchOutcome {
        switch self {
        case .test(let field, let predicate):
            predicate.test(field.values(in: envelope), isList: field.isList(in: envelope))
        case .all(let expressions): expressions.all { $0.outcome(for: envelope) }
        case .any(let expressions): expressions.any { $0.outcome(for: envelope) }
        case .not(let expression): expression.outcome(for: envelope).negated
        }
    }
}
