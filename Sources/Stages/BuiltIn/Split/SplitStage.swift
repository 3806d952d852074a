public import Configuration
import Markup
public import Messages

/// Makes several messages of one.
public struct SplitStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "split", .oneOf([.choice(["parts"]), .integer, .object(schema)]), isRequired: true,
                """
                `parts` makes a message of every part; a number is the most characters of a message; or a mapping. A text is \
                cut at paragraphs, lines, sentences or words. Links, addresses and code spans stay whole, a code fence \
                that is cut is closed and opened again, and no character is broken. The pieces stay in order: they keep the \
                message's thread, or get one. HTML that is too long goes on as Markdown.
                """,
                example: "{length: 4096, unit: utf16}"),
            summary: "makes several messages of a long one",
            example: StageExample(
                "{split: {length: 40, numbered: true}}",
                before: ["text": "The build is green again. Thanks to all who helped to find the fault."],
                .splits([
                    "(1/3) The build is green again.", "(2/3) Thanks to all who helped to find", "(3/3) the fault.",
                ])))
    }

    private static let lengths = SettingRange(40...1_000_000)

    private static var schema: SettingsSchema {
        [
            Setting(
                "length", .integer, range: lengths, "The most of a message, its number included.", example: "4096"),
            Setting(
                "unit", .choice(TextMeasure.Unit.allCases.map(\.rawValue)), default: "characters",
                """
                What is counted: `characters` as a reader counts them, `utf16` code units as Telegram and Discord do, \
                `bytes` of UTF-8.
                """),
            Setting("lines", .integer, range: SettingRange(1...100_000), "The most lines of a message.", example: "20"),
            Setting("parts", .boolean, default: "false", "Whether every part becomes a message of its own."),
            Setting(
                "numbered", .boolean, default: "false", "Whether messages begin with `(1/3)`, if there are several."),
        ]
    }

    private enum Way: Sendable {
        case parts
        case length(TextSplitter)
        case lines(Int)
    }

    private let way: Way
    private let isNumbered: Bool

    /// Makes the stage; a length that is too small, and more than one way to split, are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        let (value, settings) = (arguments.value, arguments.value.object)
        isNumbered = settings?.boolean("numbered") ?? false
        guard let settings else {
            guard let length = value.integer else {
                way = .parts
                return
            }
            guard (40...1_000_000).contains(length) else {
                diagnostics.error("expected \(Self.lengths), got \(length)", at: value.position, keyPath: value.keyPath)
                return nil
            }
            way = .length(TextSplitter(limit: length))
            return
        }
        switch (settings.integerIfGiven("length"), settings.integerIfGiven("lines"), settings.boolean("parts")) {
        case (let length?, nil, false):
            let unit = TextMeasure.Unit(rawValue: settings.string("unit")) ?? .characters
            way = .length(TextSplitter(limit: length, unit: unit))
        case (nil, let lines?, false): way = .lines(lines)
        case (nil, nil, true): way = .parts
        default:
            diagnostics.error(
                "expected one of length, lines and parts in it", at: value.position, keyPath: value.keyPath)
            return nil
        }
    }

    /// Splits the message.
    ///
    /// - Throws: ``StageError/tooManyMessages(limit:)``
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        let most = StageChain.maximumMessages
        switch way {
        case .parts:
            guard envelope.parts.count > 1 else { return .pass(envelope) }
            return .pass(envelope.parts.map { envelope.piece([$0]) })
        case .length(let splitter):
            let (text, format) = envelope.splittableText(longerThan: splitter.limit, splitter.unit)
            let pieces =
                isNumbered
                ? splitter.numbered(text, as: format, most: most) : splitter.pieces(text, as: format, most: most)
            return try pass(envelope, pieces, format)
        case .lines(let count):
            let (text, format) = (envelope.text, envelope.textFormat)
            let pieces = LineSplitter(limit: count).pieces(text, as: format, most: most)
            return try pass(envelope, isNumbered ? TextSplitter.number(pieces, as: format) : pieces, format)
        }
    }

    private func pass(_ envelope: Envelope, _ pieces: [String], _ format: TextFormat) throws(StageError) -> StageResult
    {
        guard pieces.count > 1 else { return .pass(envelope) }
        guard pieces.count <= StageChain.maximumMessages else {
            throw .tooManyMessages(limit: StageChain.maximumMessages)
        }
        let first = envelope.parts.firstIndex { $0.type == .text } ?? 0
        let others = envelope.parts.indices.filter { envelope.parts[$0].type != .text }
        return .pass(
            pieces.enumerated().map { index, text in
                let before = index == 0 ? others.filter { $0 < first }.map { envelope.parts[$0] } : []
                let behind = index == pieces.count - 1 ? others.filter { $0 > first }.map { envelope.parts[$0] } : []
                return envelope.piece(before + [.text(text, format: format)] + behind)
            })
    }
}

extension Envelope {
    /// The message with other parts, in a thread that keeps it behind the others that are made of it.
    fileprivate func piece(_ parts: [Part]) -> Envelope {
        var piece = self
        piece.parts = parts
        piece.thread = thread ?? id.description
        return piece
    }

    /// The text in a format that can be cut: HTML that is too long as Markdown.
    fileprivate func splittableText(longerThan limit: Int, _ unit: TextMeasure.Unit) -> (
        text: String, format: TextFormat
    ) {
        guard textFormat == .html, unit.size(of: text) > limit else { return (text, textFormat) }
        return (HTMLText.markdown(of: text), .markdown)
    }
}
