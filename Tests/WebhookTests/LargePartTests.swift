import AdapterKit
import AdapterTestSupport
import Messages
import Testing
import Transport

@testable import Webhook

@Suite struct LargePartTests {
    @Test("what lies in the blob store goes out with the webhook: files as bytes, words as words")
    func inlined() async throws {
        try await withReceiver([HTTPResponse(.noContent)]) { adapter, receiver, fixture, _ in
            let file = [UInt8](repeating: 7, count: 100_000)
            let words = String(repeating: "é", count: 50_000)
            let dispatch = try fixture.dispatch(
                to: "crm",
                parts: [
                    Part(
                        type: .file, mediaType: "application/pdf", name: "a.pdf",
                        content: .blob(try await fixture.blobs.store(file))),
                    Part(
                        type: .text, mediaType: "text/markdown",
                        content: .blob(try await fixture.blobs.store(Array(words.utf8)))),
                ])
            try await #expect(adapter.deliver(dispatch) == .delivered(remoteIDs: [], detail: "HTTP 204"))
            let request = try #require(receiver.requests.first)
            let parts = try Envelope(parsing: request.body).parts
            #expect(parts.map(\.content) == [.bytes(file), .text(words, format: .markdown)])
            #expect(parts.first?.name == "a.pdf")
        }
    }

    @Test("a message over the mailbox's limit is rejected, and nothing goes out")
    func tooLarge() async throws {
        try await withReceiver([HTTPResponse(.noContent)]) { adapter, receiver, fixture, _ in
            let huge = try BlobReference(digest: String(repeating: "a", count: 64), size: 36 << 20)
            let dispatch = try fixture.dispatch(to: "crm", parts: [Part(type: .file, content: .blob(huge))])
            guard case .rejected(let reason) = try await adapter.deliver(dispatch) else {
                Issue.record("expected a rejection")
                return
            }
            #expect(reason.contains("max_body"))
            #expect(receiver.requests.isEmpty)
        }
    }
}
