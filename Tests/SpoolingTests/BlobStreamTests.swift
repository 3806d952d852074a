import Crypto
import Files
import Messages
import Synchronization
import TestSupport
import Testing

@testable import Spooling

@Suite struct BlobStreamTests {
    struct Gone: Error {}

    /// Gives these pieces, one at each call.
    static func pieces(_ pieces: [[UInt8]], then error: (any Error)? = nil) -> @Sendable () throws -> [UInt8]? {
        let rest = Pieces(pieces)
        return {
            if let piece = rest.next() { return piece }
            if let error { throw error }
            return nil
        }
    }

    final class Pieces: Sendable {
        private let rest: Mutex<[[UInt8]]>

        init(_ pieces: [[UInt8]]) {
            rest = Mutex(pieces)
        }

        func next() -> [UInt8]? { rest.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }

    private func names(_ fixture: SpoolFixture) throws -> [String] {
        let blobs = fixture.folder.appending("blobs")
        return try FileSystem.posix.list(blobs).flatMap { try FileSystem.posix.list(blobs.appending($0)) }
    }

    @Test("what came in pieces is the blob that it would be in one, and is kept once", arguments: [0, 1, 3, 700_000])
    func store(size: Int) async throws {
        try await withSpool { spool, fixture async throws in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 3) }
            let cuts = stride(from: 0, to: size, by: 65_000).map { Array(bytes[$0..<min($0 + 65_000, size)]) }
            let streamed = try await spool.blobs.store(from: Self.pieces(cuts))
            let whole = try await spool.blobs.store(bytes)
            let again = try await spool.blobs.store(from: Self.pieces(cuts))
            #expect(streamed == whole && again == whole)
            #expect(try names(fixture) == [streamed.digest])
            #expect(spool.blobs.size == Int64(size))
            let read = Mutex<[UInt8]>([])
            try await spool.blobs.read(streamed) { piece in read.withLock { $0 += piece } }
            #expect(read.withLock { $0 } == bytes)
        }
    }

    @Test("of what breaks off nothing stays")
    func brokenOff() async throws {
        try await withSpool { spool, fixture async throws in
            await #expect(throws: Gone.self) {
                try await spool.blobs.store(from: Self.pieces([[1], [2]], then: Gone()))
            }
            #expect(try names(fixture) == [])
            #expect(spool.blobs.size == 0)
        }
    }

    @Test("what a crash left half-written is removed at the start")
    func crash() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in _ = try await spool.blobs.store(from: Self.pieces([[1]])) }
            let remains = fixture.folder.appending("blobs/in/.blob.x.tmp")
            try FileSystem.posix.write([1, 2], to: remains)
            try await fixture.open { _ in }
            #expect(try !FileSystem.posix.exists(remains))
        }
    }

    @Test("a disk that fills up half-way makes the spool full, and keeps nothing of it")
    func full() async throws {
        try await withFixture { fixture in
            var cramped = fixture
            let disk = Disk()
            cramped.files = FileSystem { operation, path in
                disk.isFull && operation == .write && path.text.contains("/blobs/") ? .noSpace : nil
            }
            try await cramped.open { spool in
                let error = await #expect(throws: SpoolError.self) {
                    let rest = Pieces([[1], [2], [3]])
                    _ = try await spool.blobs.store {
                        let piece = rest.next()
                        disk.isFull = piece == [2]
                        return piece
                    }
                }
                guard case .full? = error else { throw error ?? .closed }
                #expect(try names(fixture) == [])
            }
        }
    }

    @Test(
        "a blob that has changed is found out at its end, and listed",
        arguments: [[9, 9, 9], [1, 2], []] as [[UInt8]])
    func changed(bytes: [UInt8]) async throws {
        try await withSpool { spool, fixture async throws in
            let reference = try await spool.blobs.store([1, 2, 3])
            let file = fixture.folder.appending("blobs/\(reference.digest.prefix(2))/\(reference.digest)")
            try FileSystem.posix.write(bytes, to: file)
            await #expect(throws: SpoolError.self) { try await spool.blobs.read(reference) { _ in } }
            #expect(try await spool.damaged().map(\.place) == ["blob \(reference.digest)"])
        }
    }
}
