import Clocks
import Files
import Logging
import Messages
import Simulation
import Spooling
import TestSupport
import Testing

@Suite struct SpoolOnDiskTests {
    @Test("every acknowledged message and blob is there after power loss at any operation (I1)")
    func powerLoss() async throws {
        for seed in 0..<30 as Range<UInt64> {
            let disk = MemoryDisk(seed: seed)
            let last = 100 + Int(seed) * 37
            disk.onOperation { $0.number == last ? .crash(.powerLoss) : .proceed }
            let kept = await acceptUntilFailure(on: disk.mount())
            disk.onOperation(nil)
            let spool = try await open(disk.mount())
            try await spool.checkIntegrity()
            for (id, blob) in kept {
                #expect(try await spool.trace(of: id)?.dispatches.count == 1, "seed \(seed), operation \(last)")
                if let blob { #expect(try await spool.blobs.read(blob).count == blob.size) }
            }
            await spool.close()
        }
    }

    private func open(_ files: FileSystem) async throws -> SQLiteSpool {
        try await SQLiteSpool(
            folder: "/spool", clock: ManualClock(), logger: Logger(level: .error, sink: LogRecorder()), files: files)
    }

    /// Accepts until the disk goes away; what was acknowledged.
    private func acceptUntilFailure(on files: FileSystem) async -> [(MessageID, BlobReference?)] {
        var kept: [(MessageID, BlobReference?)] = []
        guard let spool = try? await open(files) else { return kept }
        var random = SeededRandom(seed: 1)
        do {
            for number in 0..<400 {
                let blob = number % 5 == 0 ? try await spool.blobs.store([UInt8](repeating: 1, count: number)) : nil
                let entry = try entry(blob, using: &random)
                _ = try await spool.accept(entry)
                kept.append((entry.envelope.id, blob))
            }
            Issue.record("there was no crash")
        } catch {
            await spool.close()
        }
        return kept
    }

    private func entry(_ blob: BlobReference?, using random: inout SeededRandom) throws -> SpoolEntry {
        let now = ManualClock().now
        let envelope = Envelope(
            id: MessageID(time: now, using: &random), time: now, from: try Address(parsing: "mail:ann@example.org"),
            topic: try Topic(parsing: "mail:support"), subject: "hello",
            parts: [.text(String(repeating: "x", count: Int.random(in: 0...5_000, using: &random)))])
        let draft = DispatchDraft(
            recipient: try Address(parsing: "work:C1"), due: now,
            route: RouteOrigin(name: "support", location: "routes.yaml:3"))
        return SpoolEntry(envelope: envelope, accepted: now, dispatches: [draft])
    }
}
