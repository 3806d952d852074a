import Crypto
import Files
import Messages
import Spooling
import TestSupport
import Testing

@Suite struct BlobTests {
    private func file(_ reference: BlobReference, _ fixture: SpoolFixture) -> FilePath {
        fixture.folder.appending("blobs/\(reference.digest.prefix(2))/\(reference.digest)")
    }

    @Test("bytes are kept once under their digest and read again after a restart")
    func once() async throws {
        try await withFixture { fixture in
            let bytes = [UInt8](repeating: 7, count: 200_000)
            let reference = try await fixture.open { spool in
                let first = try await spool.blobs.store(bytes)
                let second = try await spool.blobs.store(bytes)
                #expect(first == second && first.size == bytes.count)
                #expect(try first.digest == SHA256.digest(of: bytes).hex)
                return first
            }
            let read = try await fixture.open { try await $0.blobs.read(reference) }
            #expect(read == bytes)
            #expect(try FileSystem.posix.info(file(reference, fixture))?.size == bytes.count)
        }
    }

    @Test("large parts leave the envelope, small ones and texts stay")
    func offload() async throws {
        try await withSpool { spool, fixture in
            var envelope = try fixture.entry(String(repeating: "x", count: 100_000)).envelope
            let large = [UInt8](repeating: 1, count: 65_537)
            envelope.parts.append(
                Part(type: .file, name: "small", content: .bytes([UInt8](repeating: 1, count: 65_536))))
            envelope.parts.append(Part(type: .image, mediaType: "image/png", name: "large", content: .bytes(large)))
            let lighter = try await spool.blobs.offload(envelope)
            #expect(lighter.parts.prefix(2) == envelope.parts.prefix(2))
            guard case .blob(let reference) = lighter.parts[2].content else {
                Issue.record("the part is still inline")
                return
            }
            #expect(lighter.parts[2].name == "large" && lighter.parts[2].mediaType == "image/png")
            #expect(try await spool.blobs.read(reference) == large)
        }
    }

    @Test(
        "a blob whose bytes have changed is refused and listed as damaged",
        arguments: [[9, 9, 9], [1, 2], []] as [[UInt8]])
    func changed(bytes: [UInt8]) async throws {
        try await withSpool { spool, fixture in
            let reference = try await spool.blobs.store([1, 2, 3])
            try FileSystem.posix.write(bytes, to: file(reference, fixture))
            await #expect(throws: SpoolError.self) { try await spool.blobs.read(reference) }
            #expect(try await spool.damaged().map(\.place) == ["blob \(reference.digest)"])
        }
    }

    @Test("a missing blob is refused and listed as damaged")
    func missing() async throws {
        try await withSpool { spool, fixture in
            let reference = try BlobReference(digest: String(repeating: "ab", count: 32), size: 3)
            await #expect(throws: SpoolError.self) { try await spool.blobs.read(reference) }
            #expect(try await spool.damaged().map(\.found) == [fixture.clock.now])
        }
    }

    @Test("what a crash left unfinished is removed at the start")
    func unfinished() async throws {
        try await withFixture { fixture in
            let reference = try await fixture.open { try await $0.blobs.store([1]) }
            let remains = file(reference, fixture).folder.appending(".x.1.tmp")
            try FileSystem.posix.write([1, 2], to: remains)
            try await fixture.open { _ in }
            #expect(try !FileSystem.posix.exists(remains))
            #expect(try FileSystem.posix.exists(file(reference, fixture)))
        }
    }

    @Test("without room for a blob the spool is full, keeps nothing, and goes on when there is room")
    func full() async throws {
        try await withFixture { fixture in
            var cramped = fixture
            let disk = Disk()
            cramped.files = FileSystem { operation, path in
                disk.isFull && operation == .write && path.text.contains("/blobs/") ? .noSpace : nil
            }
            try await cramped.open { spool in
                disk.isFull = true
                let error = await #expect(throws: SpoolError.self) { try await spool.blobs.store([1, 2, 3]) }
                guard case .full? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                disk.isFull = false
                let reference = try await spool.blobs.store([1, 2, 3])
                #expect(try await spool.blobs.read(reference) == [1, 2, 3])
            }
        }
    }
}
