import Markup
import Messages

/// Finds what must not go on, and puts placeholders in its place.
struct Redaction {
    let kinds: [RedactedKind]
    /// What stands for everything; `nil` for the placeholder of each kind.
    let replacement: String?
    /// How many of each kind were found.
    private(set) var counts: [RedactedKind: Int] = [:]

    init(kinds: [RedactedKind], replacement: String?) {
        self.kinds = kinds
        self.replacement = replacement
    }

    /// How many were found, in words; `nil` when none was.
    var summary: String? {
        let found = RedactedKind.allCases.compactMap { kind in counts[kind].map { kind.counted($0) } }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    /// Redacts a text.
    mutating func text(_ text: String) -> String {
        let places = RedactionText(text)
        let found = Self.find(kinds, in: places)
        for (kind, _) in found { counts[kind, default: 0] += 1 }
        guard !found.isEmpty else { return text }
        return places.replacing(found.map { ($0.range, replacement ?? $0.kind.placeholder) })
    }

    /// Redacts the text of a part; what HTML hides from that goes on as the Markdown of what is read.
    mutating func part(_ text: String, _ format: TextFormat) -> PartContent {
        let redacted = self.text(text)
        guard format == .html, !Self.find(kinds, in: RedactionText(HTMLText.plainText(of: redacted))).isEmpty else {
            return .text(redacted, format: format)
        }
        return .text(self.text(HTMLText.markdown(of: redacted)), format: .markdown)
    }

    /// What is found, in the order of the text; of two that overlap the kind that is named first counts.
    private static func find(
        _ kinds: [RedactedKind], in text: RedactionText
    ) -> [(kind: RedactedKind, range: Range<Int>)] {
        var found: [(kind: RedactedKind, range: Range<Int>)] = []
        for kind in RedactedKind.allCases where kinds.contains(kind) {
            let earlier = found.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
            var index = 0
            for range in ranges(of: kind, in: text) {
                while index < earlier.count, earlier[index].upperBound <= range.lowerBound { index += 1 }
                if index < earlier.count, earlier[index].overlaps(range) { continue }
                found.append((kind, range))
            }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private static func ranges(of kind: RedactedKind, in text: RedactionText) -> [Range<Int>] {
        switch kind {
        case .secrets: SecretFinder.ranges(in: text)
        case .cards: CardFinder.ranges(in: text)
        case .emails: EmailFinder.ranges(in: text)
        case .ibans: BankAccountFinder.ranges(in: text)
        case .phones: PhoneFinder.ranges(in: text)
        }
    }
}
