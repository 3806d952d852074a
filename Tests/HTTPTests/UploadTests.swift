import AdapterKit
import AdapterTestSupport
import Messages
import Testing
import Transport

@testable import HTTP

@Suite struct UploadTests {
    private static let settings = "{tokens: {ci: secret-1}, max_body: 1MiB}"

    private func post(
        _ mailbox: Mailbox, _ body: String, type: String, headers: HTTPFields = HTTPFields(),
        token: String? = "secret-1"
    ) async throws -> HTTPClientResponse {
        try await mailbox.post(body, to: "/in/api/scan", token: token, type: type, headers: headers)
    }

    @Test("a small file is a part of the message, a large one a claim check", arguments: [1, 65_536, 65_537, 300_000])
    func files(size: Int) async throws {
        try await withMailbox(Self.settings) { mailbox in
            let body = String(repeating: "x", count: size)
            let answer = try await post(mailbox, body, type: "image/png")
            #expect(answer.status == .accepted)
            let envelope = try #require(mailbox.fixture.acceptor.arrivals.first?.envelope)
            #expect(envelope.kind == .message && envelope.topic.description == "api:scan")
            let part = try #require(envelope.parts.first)
            #expect(part.type == .image && part.mediaType == "image/png" && envelope.parts.count == 1)
            switch part.content {
            case .bytes(let bytes): #expect(size <= 65_536 && bytes == Array(body.utf8))
            case .blob(let blob):
                #expect(size > 65_536 && blob.size == size)
                #expect(try await mailbox.fixture.blobs.read(blob) == Array(body.utf8))
            default: Issue.record("\(part)")
            }
        }
    }

    @Test("a file over the limit is refused, of known length or not")
    func tooLarge() async throws {
        try await withMailbox(Self.settings) { mailbox in
            for count in [2_000_000, nil] {
                var request = HTTPClientRequest(
                    .post, mailbox.url + "/in/api/scan",
                    headers: ["Authorization": "Bearer secret-1", "Content-Type": "image/png"],
                    privateAddresses: .allowed)
                request.bodySource = HTTPUploadSource(count: count) { write in
                    for _ in 0..<20 { try await write([UInt8](repeating: 1, count: 100_000)) }
                }
                let answer = try await mailbox.fixture.client.send(request)
                #expect(answer.status.rawValue == 413)
            }
            #expect(mailbox.fixture.acceptor.arrivals.isEmpty && mailbox.fixture.blobs.count == 0)
        }
    }

    @Test("who may not hand in is told so before the file is stored")
    func unauthorized() async throws {
        try await withMailbox(Self.settings) { mailbox in
            let body = String(repeating: "x", count: 100_000)
            let answer = try await post(mailbox, body, type: "image/png", token: "other")
            #expect(answer.status.rawValue == 401)
            #expect(mailbox.fixture.blobs.count == 0)
        }
    }

    @Test("a form gives its fields as data and text, and its files as parts")
    func form() async throws {
        try await withMailbox(Self.settings) { mailbox in
            let large = String(repeating: "y", count: 100_000)
            let body = [
                "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nHere it is",
                "--b\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n17",
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nxyz",
                "--b\r\nContent-Disposition: form-data; name=\"g\"; filename=\"b.bin\"\r\n\r\n\(large)",
                "--b--\r\n",
            ].joined(separator: "\r\n")
            let answer = try await post(mailbox, body, type: "multipart/form-data; boundary=b")
            #expect(answer.status == .accepted)
            let envelope = try #require(mailbox.fixture.acceptor.arrivals.first?.envelope)
            #expect(envelope.text == "Here it is" && envelope.kind == .message)
            #expect(envelope.parts.map(\.name) == [nil, nil, "a.png", "b.bin"])
            #expect(envelope.parts[1].content == .value(["text": "Here it is", "order": "17"]))
            #expect(envelope.parts[2].content == .bytes(Array("xyz".utf8)))
            guard case .blob(let blob) = envelope.parts[3].content else { throw Problem(500, "no blob") }
            #expect(try await mailbox.fixture.blobs.read(blob) == Array(large.utf8))
        }
    }

    @Test("a malformed form is refused", arguments: ["", "--b\r\n", "--b\r\nX: y\r\n\r\n--b--\r\n"])
    func malformed(body: String) async throws {
        try await withMailbox(Self.settings) { mailbox in
            let answer = try await post(mailbox, body, type: "multipart/form-data; boundary=b")
            #expect(answer.status.rawValue == 400)
            #expect(mailbox.fixture.acceptor.arrivals.isEmpty)
        }
    }

    @Test("a repetition of a file is known by its key, and another file under the key refused")
    func repetition() async throws {
        try await withMailbox(Self.settings) { mailbox in
            let key: HTTPFields = ["Idempotency-Key": "\"k1\""]
            var statuses: [Int] = []
            for body in ["one", "one", "two"] {
                statuses.append(try await post(mailbox, body, type: "image/png", headers: key).status.rawValue)
            }
            #expect(statuses == [202, 202, 422])
            #expect(mailbox.fixture.acceptor.arrivals.count == 1)
        }
    }
}
