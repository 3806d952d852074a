import Logging
import Messages
import Spooling
import TestSupport
import Testing

@Suite struct AcceptTests {
    @Test("an accepted message is found again, after the spool was closed too")
    func durable() async throws {
        try await withFixture { fixture in
            let entry = try fixture.entry("one", to: ["work:C1", "web:x"])
            let numbers = try await fixture.open { try await $0.accept(entry).numbers }
            try await fixture.open { spool in
                let trace = try #require(try await spool.trace(of: entry.envelope.id))
                #expect(trace.envelope == entry.envelope)
                #expect(trace.accepted == entry.accepted)
                #expect(trace.dispatches.map(\.summary.number) == numbers)
                #expect(trace.dispatches.map(\.summary.recipient.description) == ["work:C1", "web:x"])
                #expect(
                    trace.dispatches.first?.summary.route == RouteOrigin(name: "support", location: "routes.yaml:3"))
            }
        }
    }

    @Test("numbers rise in the order of acceptance and are those of one message in a row")
    func numbers() async throws {
        try await withSpool { spool, fixture in
            let first = try await spool.accept(fixture.entry(to: ["work:a", "work:b"])).numbers
            let second = try await spool.accept(fixture.entry()).numbers
            #expect(first == [4_096, 4_097])
            #expect(second == [8_192])
        }
    }

    @Test("new waiting dispatches are announced after their commit, others are not")
    func announced() async throws {
        try await withSpool { spool, fixture in
            _ = try await spool.accept(fixture.entry("held", state: .held))
            let entry = try fixture.entry("now", to: ["work:a", "work:b"])
            let numbers = try await spool.accept(entry).numbers
            var batches = spool.committed.makeAsyncIterator()
            let batch = try #require(await batches.next())
            #expect(batch.map(\.number) == numbers)
            #expect(batch.map(\.envelope) == [entry.envelope, entry.envelope])
            #expect(batch.first?.idempotencyKey == "\(entry.envelope.id)-4096" || numbers.first != 4_096)
        }
    }

    @Test("a known dedupe key keeps nothing, names the first message, and tells whether the content is the same")
    func duplicate() async throws {
        try await withSpool { spool, fixture in
            let first = try fixture.entry("one", dedupe: "k")
            _ = try await spool.accept(first)
            #expect(
                try await spool.accept(fixture.entry("two", dedupe: "k"))
                    == .duplicate(of: first.envelope.id, hasSameFingerprint: true))
            var other = try fixture.entry("three", dedupe: "k")
            other.dedupe?.fingerprint = [2]
            #expect(
                try await spool.accept(other) == .duplicate(of: first.envelope.id, hasSameFingerprint: false))
            #expect(try await spool.counts() == [.waiting: 1])
            other.dedupe?.scope = "web"
            #expect(try await spool.accept(other).numbers.count == 1)
        }
    }

    @Test("a dedupe key is forgotten when it has expired")
    func expiredKey() async throws {
        try await withSpool { spool, fixture in
            _ = try await spool.accept(fixture.entry(dedupe: "k"))
            fixture.clock.advance(by: .seconds(61))
            #expect(try await spool.accept(fixture.entry(dedupe: "k")).numbers.count == 1)
        }
    }

    @Test("the same key twice in one batch keeps one message")
    func duplicateInBatch() async throws {
        try await withSpool { spool, fixture in
            let entries = [try fixture.entry(dedupe: "k"), try fixture.entry(dedupe: "k")]
            let results = try await spool.accept(entries)
            #expect(results.map(\.numbers.count) == [1, 0])
        }
    }

    @Test("what the stages made of a message for one recipient is kept beside it")
    func stages() async throws {
        try await withSpool { spool, fixture in
            var entry = try fixture.entry("long text")
            var shortened = entry.envelope
            shortened.setText("short")
            entry.dispatches[0].envelope = shortened
            entry.dispatches[0].steps = [StepNote(stage: "brief", changes: ["text", "\"quoted\""])]
            _ = try await spool.accept(entry)
            let trace = try #require(try await spool.trace(of: entry.envelope.id)?.dispatches.first)
            #expect(trace.envelope == shortened)
            #expect(trace.steps == entry.dispatches[0].steps)
            #expect(try await spool.load("work:C1", by: fixture.clock.now).dispatches.first?.envelope == shortened)
        }
    }

    @Test("more recipients than there are numbers are refused, as many are taken")
    func tooMany() async throws {
        try await withSpool { spool, fixture in
            var entry = try fixture.entry(to: (0..<4_096).map { "work:\($0)" })
            #expect(try await spool.accept(entry).numbers.count == 4_096)
            entry.dispatches.append(entry.dispatches[0])
            let oversized = entry
            let refusal = await #expect(throws: SpoolError.self) { try await spool.acceptOne(oversized) }
            guard case .full? = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
        }
    }

    @Test("a message without any recipient is kept for the trace")
    func unrouted() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry(to: [])
            #expect(try await spool.accept(entry) == .accepted(numbers: []))
            #expect(try await spool.trace(of: entry.envelope.id)?.dispatches.isEmpty == true)
        }
    }

    @Test("a closed spool refuses and says so")
    func closed() async throws {
        try await withSpool { spool, fixture in
            await spool.close()
            let entry = try fixture.entry()
            await #expect(throws: SpoolError.closed) { try await spool.acceptOne(entry) }
            await #expect(throws: SpoolError.closed) { try await spool.counts() }
        }
    }
}
