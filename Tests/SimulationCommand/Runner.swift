import Files
import Glibc
import Simulation

/// Runs seeds, and says which of them fail and how little of them is needed for that.
struct Runner {
    private let options: Options
    private let world: World
    private var cases: [TestCase] = []
    private var coverage = Coverage()
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Within so many seeds each mutation has to be found.
    private static let mutationLimit: UInt64 = 1_000
    /// Every so manieth seed runs twice: its trace has to be the same.
    private static let replayInterval: UInt64 = 50

    init(_ options: Options) throws {
        self.options = options
        world = try World()
    }

    /// Runs what is asked for; `true` when nothing is wrong.
    mutating func run() throws -> Bool {
        if let seed = options.seed { return show(seed) }
        if options.part == 0 { for known in KnownSeed.all { check(known) } }
        runSeeds()
        if options.hasMutations {
            for (index, mutation) in Mutation.allCases.enumerated()
            where UInt64(index) % options.parts == options.part { find(mutation) }
        }
        if let report = options.report { try TestCase.write(cases, to: FilePath(report)) }
        return cases.allSatisfy { $0.failure == nil }
    }

    private func simulate(
        _ seed: UInt64, events: Int? = nil, mutation: Mutation? = nil, features: Set<Feature>? = nil,
        show: (@Sendable (String) -> Void)? = nil
    ) -> Simulation.Report {
        Simulation(seed: seed, world: world, mutation: mutation, features: features, events: events, show: show).run()
    }

    private func show(_ seed: UInt64) -> Bool {
        let report = simulate(
            seed, events: options.events, mutation: options.mutation, show: { (line: String) in print(line) })
        say("seed \(seed): \(report.summary)")
        say(report.features.isEmpty ? "  features: none" : "  features: \(report.features.joined(separator: ", "))")
        for violation in report.violations { print("  \(violation)") }
        return report.violations.isEmpty
    }

    // MARK: Seeds

    private mutating func check(_ known: KnownSeed) {
        let report = simulate(known.seed, features: known.features)
        if !report.violations.isEmpty { explain(report) }
        cases.append(TestCase(name: known.name, failure: report.violations.first?.description))
    }

    private mutating func runSeeds() {
        guard options.seeds > 0 else { return }
        var failed = 0
        var replays = TestCase(name: "a seed gives the same run each time (\(options.part))")
        var steps = 0
        let start = ContinuousClock.now
        for seed in options.first..<options.first + options.seeds where seed % options.parts == options.part {
            let report = simulate(seed, mutation: options.mutation)
            steps += report.steps
            coverage.merge(report.coverage)
            progress(seed, failed)
            if !report.violations.isEmpty {
                failed += 1
                explain(report)
                cases.append(TestCase(name: "seed \(seed)", failure: report.violations.first?.description))
            }
            guard seed / options.parts % Self.replayInterval == 0 else { continue }
            let again = simulate(seed, mutation: options.mutation)
            if again.trace != report.trace {
                say("seed \(seed) ran differently the second time: \(report.summary), then \(again.summary)")
                replays.failure = "seed \(seed) ran differently the second time"
            }
        }
        tell("")
        let name = "\(options.seeds / options.parts) seeds from \(options.first) on (part \(options.part))"
        say("\(name): \(failed) failed, \(steps) steps in \(ContinuousClock.now - start)")
        for line in coverage.summary { say("  \(line)") }
        cases.append(TestCase(name: name, failure: failed > 0 ? "\(failed) seeds failed" : nil))
        cases.append(replays)
    }

    private func progress(_ seed: UInt64, _ failed: Int) {
        guard options.part == 0, seed / options.parts % 10 == 0 else { return }
        let done = (seed - options.first) * 100 / max(options.seeds, 1)
        tell("\(done) % of \(options.seeds) seeds, \(failed) failed")
    }

    /// Puts a line in the place of the last one.
    private func tell(_ line: String) {
        guard isTerminal else { return }
        let text = Array("\r\u{1B}[K\(line)".utf8)
        write(STDERR_FILENO, text, text.count)
    }

    /// Says something at once, also when the output is a file.
    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    /// Says what went wrong, and the shortest part of the plan with which it still does.
    private func explain(_ report: Simulation.Report) {
        say("seed \(report.seed) failed: \(report.summary)")
        for violation in report.violations.prefix(5) { print("  \(violation)") }
        guard let rule = report.violations.first?.rule else { return }
        for count in 0...report.events {
            let shorter = simulate(report.seed, events: count, mutation: options.mutation)
            guard let found = shorter.violations.first(where: { $0.rule == rule }) else { continue }
            say("  the first \(count) of its \(report.events) events suffice: \(found)")
            say("  replay: \(replay(report.seed, events: count))")
            return
        }
    }

    /// The command that shows what happens; by the same build, as an optimized one goes other ways.
    private func replay(_ seed: UInt64, events: Int) -> String {
        let mutation = options.mutation.map { " MUTATION=\($0)" } ?? ""
        return "make simulate SEED=\(seed) EVENTS=\(events)\(mutation) BUILD=\(Self.build)"
    }

    private static var build: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }

    // MARK: Mutations

    private mutating func find(_ mutation: Mutation) {
        for seed in 1...Self.mutationLimit {
            let report = simulate(seed, mutation: mutation)
            // What the seed finds without the mutation is another fault.
            guard let violation = report.violations.first, simulate(seed).violations.isEmpty else { continue }
            say("\(mutation) is found by seed \(seed): \(violation)")
            cases.append(TestCase(name: "\(mutation) is found"))
            return
        }
        say("\(mutation) is NOT found by \(Self.mutationLimit) seeds")
        cases.append(TestCase(name: "\(mutation) is found", failure: "not by \(Self.mutationLimit) seeds"))
    }
}

extension Simulation.Report {
    /// The run in figures.
    fileprivate var summary: String {
        "\(events) events, \(lives) lives, \(acknowledged) letters acknowledged, \(taken) messages taken, "
            + "\(steps) steps, trace \(String(trace, radix: 16))"
    }
}
