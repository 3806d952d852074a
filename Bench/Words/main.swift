// Measures the stage `words` with 100,000 words: how long the list takes to load, and how much text it searches.

import Configuration
import Messages
import Stages

/// Numbers that are the same in every run (SplitMix64).
struct Numbers: RandomNumberGenerator {
    var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// The list of words as a file, and nothing else.
struct Disk: ConfigurationDisk {
    let list: String

    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] { Array(list.utf8) }
    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] { [] }
}

enum Language: String, CaseIterable {
    case english, chinese, mixed, code

    private static let syllables = [
        "ba", "con", "de", "en", "for", "gra", "in", "li", "mo", "na", "or", "per", "re", "sta", "ti", "un",
    ]

    /// A word as the language might have it: a few syllables, or a few of the 2,000 most common characters.
    func word(_ numbers: inout Numbers) -> String {
        switch self {
        case .english: return (0..<Int.random(in: 2...5, using: &numbers)).map { _ in Self.syllable(&numbers) }.joined()
        case .chinese:
            return String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 2...4, using: &numbers)).map { _ in
                        // Small numbers are drawn more often, as common characters are.
                        let number =
                            Int.random(in: 0..<2_000, using: &numbers) * Int.random(in: 0..<2_000, using: &numbers)
                            / 2_000
                        return Unicode.Scalar(UInt32(0x4E00 + number * 5)) ?? "一"
                    }))
        case .mixed: return (Bool.random(using: &numbers) ? Language.english : .chinese).word(&numbers)
        case .code:
            return "\(Self.syllable(&numbers))_\(String(Int.random(in: 0..<99_999, using: &numbers), radix: 16))();"
        }
    }

    private static func syllable(_ numbers: inout Numbers) -> String { syllables.randomElement(using: &numbers) ?? "" }

    func text(bytes: Int, _ numbers: inout Numbers) -> String {
        var text = ""
        while text.utf8.count < bytes { text += word(&numbers) + (self == .chinese ? "，" : " ") }
        return text
    }
}

var numbers = Numbers()
var words: Set<String> = []
while words.count < 100_000 { words.insert(Language.mixed.word(&numbers) + Language.mixed.word(&numbers)) }
let list = words.sorted().joined(separator: "\n")

let clock = ContinuousClock()
var diagnostics = Diagnostics()
var chain = StageChain()
let loading = clock.measure {
    let surroundings = StageSurroundings(files: ConfigurationFiles(disk: Disk(list: list)))
    let text = "{words: {file: words.txt, action: flag}}"
    guard let via = YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics) else { return }
    var names = NamedStages(
        YAMLNode(.mapping(YAMLMapping()), at: via.position), at: NodePath(), registry: .standard,
        surroundings: surroundings, diagnostics: &diagnostics)
    chain = names.chain(via, at: NodePath(), diagnostics: &diagnostics)
}
guard chain.steps.count == 1 else { fatalError("\(diagnostics)") }
print("100,000 words, \(list.utf8.count / 1_000) kB, loaded in \(loading / .milliseconds(1)) ms")

let context = StageContext(now: Timestamp(seconds: 1_700_000_000), router: "hq.example")
for language in Language.allCases {
    let text = language.text(bytes: 1 << 20, &numbers)
    let envelope = Envelope(
        id: MessageID(high: 1, low: 1), time: context.now, from: try Address(parsing: "mail:ann@example.org"),
        topic: try Topic(parsing: "mail:support"), parts: [.text(text)])
    var (best, notes) = (Duration.seconds(60), "")
    for _ in 0..<20 {
        let time = clock.measure {
            notes = chain.run(envelope, context: context).branches.first?.notes.first?.changes.first ?? "nothing found"
        }
        best = min(best, time)
    }
    let speed = Double(text.utf8.count) / 1e6 / (best / .seconds(1))
    let name = language.rawValue.padding(to: 10)
    print("\(name) \(Int(speed)) MB/s, best of 20 rounds of \(text.utf8.count) bytes; \(notes.prefix(40))")
}

extension String {
    /// The text with spaces behind it.
    func padding(to length: Int) -> String { self + String(repeating: " ", count: max(0, length - count)) }
}
