import Configuration
import Messages
import Testing

@testable import Stages

@Suite struct ChainTests {
    /// Makes three of one, numbered in the subject.
    private struct Split: Stage {
        static var declaration: StageDeclaration {
            StageDeclaration(
                setting: Setting("split", .any, "Splits."), summary: "splits",
                example: StageExample("{split: 3}", before: [:], .passes([:])))
        }
        var count = 3
        init(count: Int) { self.count = count }
        init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {}

        func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
            let parts = (0..<count).map { number in
                var part = envelope
                part.subject = "\(envelope.subject ?? "")\(number)"
                return part
            }
            return .pass(parts, copies: [])
        }
    }

    /// Drops the messages whose subject ends in 1, holds those that end in 2.
    private struct Judge: Stage {
        static var declaration: StageDeclaration { Split.declaration }
        init() {}
        init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {}

        func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
            switch envelope.subject?.last {
            case "1": .drop(reason: "one")
            case "2": .hold(reason: "two", until: context.now)
            default: .pass(envelope)
            }
        }
    }

    private func step(_ name: String, _ stage: any Stage) -> StageChain.Step {
        StageChain.Step(name: name, stage: stage, position: .builtIn)
    }

    @Test("stages run in their order, and each leaves a note, also when it changed nothing")
    func order() throws {
        let via = "[{truncate: 5}, {set: {subject: \"{{text}}\"}}, {truncate: 500}]"
        let result = try chain(via).run(sample(), context: context())
        #expect(result.branches.map(\.envelope.subject) == ["Out…"])
        #expect(
            result.branches.first?.notes == [
                StepNote(stage: "truncate", changes: ["text: 7 → 4 characters, Out[- now-]{+…+}"]),
                StepNote(stage: "set", changes: ["subject: \"Swift 6.3\" → \"Out…\""]),
                StepNote(stage: "truncate", changes: []),
            ])
    }

    @Test("a run can begin in the middle")
    func middle() throws {
        let chain = try chain("[{set: {subject: one}}, {set: {thread: two}}]")
        let branch = try #require(chain.run(sample(), from: 1, context: context()).branches.first)
        #expect(branch.envelope.subject == "Swift 6.3")
        #expect(branch.envelope.thread == "two")
        #expect(try chain.run(sample(), from: 2, context: context()).branches.map(\.notes) == [[]])
    }

    @Test("each part of a split message goes its own way")
    func split() throws {
        let chain = StageChain([step("split", Split(count: 3)), step("judge", Judge())])
        let result = try chain.run(sample(subject: "s"), context: context())
        let now = try context().now
        #expect(result.branches.map(\.envelope.subject) == ["s0", "s1", "s2"])
        #expect(
            result.branches.map(\.end) == [
                .passed, .dropped(stage: "judge", reason: "one"),
                .held(stage: "judge", reason: "two", until: now, next: 2),
            ])
        #expect(
            result.branches[1].notes == [
                StepNote(stage: "split", changes: ["part 2 of 3", "subject: \"s\" → \"s1\""]),
                StepNote(stage: "judge", changes: ["dropped: one"]),
            ])
    }

    @Test("a message that is split without end is held, and so is one that is passed on as nothing dropped")
    func splitBounds() throws {
        let steps = (0..<6).map { _ in step("split", Split(count: 10)) }
        let result = try StageChain(steps).run(sample(subject: ""), context: context())
        #expect(result.branches.count < 2 * StageChain.maximumMessages)
        #expect(result.branches.contains { if case .held = $0.end { true } else { false } })
        let nothing = try StageChain([step("split", Split(count: 0))]).run(sample(), context: context())
        #expect(nothing.branches.map(\.end) == [.dropped(stage: "split", reason: "the stage passed nothing on")])
    }
}

@Suite struct NamedStagesTests {
    @Test("a name stands for its stages, also within another name")
    func names() throws {
        let chain = try chain(
            "[brief, {set: {thread: t}}]", stages: "{brief: [{truncate: 80}, mark], mark: {set: {subject: x}}}")
        #expect(chain.steps.map(\.name) == ["brief/truncate", "mark/set", "set"])
    }

    @Test(
        "what a chain cannot hold is reported",
        arguments: [
            (
                "[brif]", "{brief: []}",
                "2:7: via[0]: no stages named \"brif\" are declared under stages; did you mean \"brief\"?"
            ),
            ("[{truncat: 3}]", "", "2:8: via[0]: no stage named \"truncat\" is known; did you mean \"truncate\"?"),
            ("[truncate]", "", "2:7: via[0]: the stage truncate needs its settings, as in {truncate: 280}"),
            (
                "[{truncate: 3, tap: a:b}]", "",
                "2:7: via[0]: expected a stage such as {truncate: 280} or the name of a list, got a mapping with 2 keys; each stage is an element of its own"
            ),
            ("[[]]", "", "2:7: via[0]: expected a stage such as {truncate: 280} or the name of a list, got a list"),
            (
                "[]", "{a: [b], b: [{truncate: 3}, c], c: [a]}",
                "1:45: stages.c[0]: these stages go round in a circle: a → b → c → a"
            ),
            ("[]", "{a: a}", "1:13: stages.a: these stages go round in a circle: a → a"),
            (
                "[]", "{truncate: []}",
                "1:10: stages.truncate: \"truncate\" is the name of a built-in stage; choose another"
            ),
            ("[]", "[]", "1:9: stages: expected a mapping of names, got a list"),
        ])
    func faults(via: String, stages: String, expected: String) {
        #expect(read(via: via, stages: stages).diagnostics == ["routes.yaml:\(expected)"])
    }

    @Test("names that double one another do not grow without bounds")
    func growth() {
        let lists = (0..<24).map { "n\($0): [n\($0 + 1), n\($0 + 1)]" } + ["n24: {truncate: 9}"]
        let diagnostics = read(via: "n0", stages: "{\(lists.joined(separator: ", "))}").diagnostics
        #expect(diagnostics.count >= 1)
        #expect(diagnostics.allSatisfy { $0.contains("1000 is the most") })
    }

    @Test("names that no route uses are known")
    func unused() throws {
        var diagnostics = Diagnostics()
        let text = "{a: [b], b: {truncate: 3}, c: [d], d: {truncate: 4}}"
        let node = try #require(YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics))
        var names = NamedStages(node, at: "stages", registry: .standard, diagnostics: &diagnostics)
        let via = try #require(YAMLNode.parse("[a]", file: "routes.yaml", diagnostics: &diagnostics))
        _ = names.chain(via, at: "via", diagnostics: &diagnostics)
        #expect(names.unused.map(\.name) == ["c", "d"])
        #expect(names.unused.first?.position.column == 28)
        #expect(diagnostics.isEmpty)
    }
}

@Suite struct EnvelopeChangesTests {
    @Test("every kind of change has its line")
    func lines() throws {
        let old = try sample(text: "abc") { $0.meta = ["a": ["b": 1, "c": 2], "gone": "x"] }
        var new = old
        new.subject = nil
        new.setText("abd", format: .markdown)
        new.parts.append(Part(type: .image, content: .bytes([1])))
        new.priority = .urgent
        new.meta = ["a": ["b": "one", "c": 2], "list": [1]]
        new.headers = ["X": "line\u{1B}[2J"]
        #expect(
            EnvelopeChanges.lines(from: old, to: new) == [
                "subject: \"Swift 6.3\" → nothing", "text: other 3 characters, ab[-c-]{+d+}",
                "format: plain → markdown",
                "parts: 1 → 2",
                "priority: normal → urgent", "headers.X: nothing → \"line\\u{1B}[2J\"", "meta.a.b: 1 → \"one\"",
                "meta.gone: \"x\" → nothing", "meta.list: nothing → a list",
            ])
    }

    @Test("no change has no line, and a long value is cut")
    func others() throws {
        let old = try sample()
        #expect(EnvelopeChanges.lines(from: old, to: old) == [])
        var new = old
        new.thread = String(repeating: "x", count: 100)
        let expected = "thread: nothing → \"\(String(repeating: "x", count: 60))…\""
        #expect(EnvelopeChanges.lines(from: old, to: new) == [expected])
        new = old
        new.depth = 1
        #expect(EnvelopeChanges.lines(from: old, to: new) == ["changed"])
    }
}
