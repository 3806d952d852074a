/// Something that must never happen, and did.
package struct Violation: Sendable, Hashable {
    /// The rule (design.md §2): `I1` to `I9`; `pace` for a platform's wish that is ignored,
    /// `rest` when the simulation does not come to an end.
    package let rule: String
    /// What happened.
    package let text: String
}

extension Violation: CustomStringConvertible {
    /// The rule and what happened.
    package var description: String { "\(rule): \(text)" }
}
