import Messages
import Testing

@testable import Email

@Suite("Writing mails")
struct MailRenderingTests {
    private let renderer = MailRenderer(address: "support@hq.example", name: nil, mailbox: "mail", router: "hq.example")

    private func dispatch(
        to user: String = "bo@x.example", key: String = "k1", remote: String? = nil,
        _ change: (inout Envelope) throws -> Void
    ) throws -> Dispatch {
        var envelope = Envelope(
            id: someID, time: Timestamp(seconds: 1_704_207_845), from: try Address(parsing: "work:U1"),
            topic: try Topic(parsing: "work:chat"), parts: [.text("Hello")])
        try change(&envelope)
        return Dispatch(
            number: 1, envelope: envelope, recipient: try Address(platform: "mail", user: user), idempotencyKey: key,
            attempt: 1, remoteInReplyTo: remote)
    }

    private func render(_ dispatch: Dispatch) throws -> (text: String, mail: ParsedMail) {
        let rendered = try renderer.render(dispatch)
        return (String(decoding: rendered.bytes, as: UTF8.self), try MailParser.parse(rendered.bytes))
    }

    @Test("a message of another platform comes from the mailbox in its sender's name")
    func plainMail() throws {
        let result = try render(
            dispatch(remote: "m1@x.example") {
                $0.subject = "Grüße"
                $0.sender = Sender(name: "Ann \"A\"")
            })
        #expect(result.mail.from == MailAddress(name: "Ann \"A\" via Postroad", address: "support@hq.example"))
        #expect(result.mail.to == [MailAddress(address: "bo@x.example")])
        #expect(result.mail.subject == "Grüße")
        #expect(result.mail.messageID == "postroad.k1@hq.example")
        #expect(result.mail.inReplyTo == ["m1@x.example"] && result.mail.references == ["m1@x.example"])
        #expect(result.text.contains("\r\nDate: Tue, 02 Jan 2024 15:04:05 +0000\r\n"))
        #expect(result.text.contains("\r\nX-Router-Loop: hq.example\r\n"))
        #expect(texts(result.mail) == ["plain: Hello"] && !result.mail.isAutomatic)
    }

    @Test("the same dispatch gives the same bytes, another one another id")
    func stability() throws {
        let first = try renderer.render(dispatch { $0.subject = "a" })
        #expect(try renderer.render(dispatch { $0.subject = "a" }) == first)
        #expect(try renderer.render(dispatch(key: "k2") { $0.subject = "a" }).messageID != first.messageID)
        let odd = try renderer.render(dispatch(key: "1:a b\r\n@x") { $0.subject = "a" }).messageID
        #expect(odd.utf8.count == "postroad.@hq.example".utf8.count + 64)
    }

    @Test(
        "no value breaks out of its field",
        arguments: [
            "a\r\nBcc: evil@x.example", "a\nBcc: evil@x.example", "a\rBcc: evil@x.example", "a\u{85}Bcc: x",
            "a\u{2028}Bcc: x",
            "\r\n\r\nbody", "ü\r\nBcc: evil@x.example",
        ])
    func injection(text: String) throws {
        let result = try render(
            dispatch(remote: text) {
                $0.subject = text
                $0.sender = Sender(name: text)
                $0.parts.append(Part(type: .file, mediaType: text, name: text, content: .bytes([1])))
            })
        let header = result.text.prefix { $0 != "\u{0}" }.split(separator: "\r\n\r\n", maxSplits: 1)[0]
        #expect(!header.split(separator: "\r\n").contains { $0.hasPrefix("Bcc") || $0.hasPrefix("body") })
        #expect(!result.mail.inReplyTo.contains { $0.contains("evil") } && result.mail.cc.isEmpty)
        #expect(texts(result.mail) == ["plain: Hello"] && files(result.mail).count == 1)
    }

    @Test(
        "addresses that are none are refused",
        arguments: ["ann", "a b@x", "a@x\r\nRCPT TO:<b@x>", "<a@x>", "a@", "@x", "a,b@x"])
    func badAddress(user: String) throws {
        guard let dispatch = try? dispatch(to: user, { _ in }) else { return }
        #expect(throws: MailError.badAddress(user)) { try renderer.render(dispatch) }
    }

    @Test(
        "every text arrives as it was",
        arguments: [
            "plain", "ünï", "你好世界，这是一个测试", ".dot\n..\n.", "From here\n>From", "tail  \nends \t",
            String(repeating: "x", count: 5_000),
            "--=_m_k1\nnot a boundary", "=3D =\n=", "a\n\n\nb", "emoji 👩‍👩‍👧 \u{FEFF}",
        ])
    func arrivesAsItWas(text: String) throws {
        let bytes = try renderer.render(dispatch { $0.parts = [.text(text)] }).bytes
        #expect(bytes.allSatisfy { $0 < 0x80 })
        let longest = bytes.split(separator: 0x0A).map(\.count).max() ?? 0
        #expect(longest <= 998)
        var lines = MailDataDecoder(limit: 1_000_000, isStuffed: false)
        _ = lines.receive(bytes[...])
        #expect(lines.fault == nil)
        let parsed = try MailParser.parse(bytes)
        let expected = MailText.withoutTrailingLines(text)
        #expect(texts(parsed) == ["plain: \(expected)"])
    }

    @Test("subjects of every length and script are folded and read back")
    func subjects() throws {
        for subject in [
            String(repeating: "word ", count: 60) + "end", String(repeating: "x", count: 700),
            String(repeating: "你好", count: 100),
            "=?utf-8?q?not_encoded?=", "a  b",
        ] {
            let result = try render(dispatch { $0.subject = subject })
            let isFolded = result.text.split(separator: "\r\n\r\n")[0].split(separator: "\r\n").allSatisfy {
                $0.utf8.count <= 215
            }
            #expect(isFolded)
            #expect(result.mail.subject == subject.replacing("  ", with: " "))
        }
    }

    @Test("HTML goes beside its plain text, files behind the text")
    func structure() throws {
        let result = try render(
            dispatch {
                $0.parts = [
                    .text("<p>Hello <b>you</b></p>", format: .html),
                    Part(type: .image, mediaType: "image/png", name: "照片.png", content: .bytes([1, 2, 3])),
                    Part(type: .file, mediaType: "message/rfc822", name: "../m.eml", content: .bytes(Array("a".utf8))),
                    Part(type: .location, content: .value(["lat": 1])),
                ]
            })
        #expect(result.text.contains("multipart/mixed") && result.text.contains("multipart/alternative"))
        #expect(texts(result.mail) == ["plain: Hello you"])
        #expect(files(result.mail).map(\.name) == ["照片.png", "m.eml", "location.json"])
        #expect(files(result.mail).map(\.mediaType) == ["image/png", "application/octet-stream", "application/json"])
        #expect(files(result.mail).first?.bytes == [1, 2, 3])
    }

    @Test("a part in the blob store is written, and missed when it is not given")
    func blobs() throws {
        let digest = String(repeating: "a", count: 64)
        let dispatch = try dispatch {
            $0.parts = [Part(type: .file, name: "big", content: .blob(try BlobReference(digest: digest, size: 3)))]
        }
        #expect(throws: MailError.missingBlob(digest: digest)) { try renderer.render(dispatch) }
        let parsed = try MailParser.parse(renderer.render(dispatch, blobs: [digest: [7, 8, 9]]).bytes)
        #expect(files(parsed).map(\.bytes) == [[7, 8, 9]] && texts(parsed).isEmpty)
    }

    @Test("a message without a subject is known by its first words")
    func noSubject() throws {
        #expect(try render(dispatch { $0.parts = [.text("\nFirst\nSecond")] }).mail.subject == "First")
        #expect(try render(dispatch { $0.parts = [] }).mail.subject == "(no subject)")
        let long = try render(dispatch { $0.parts = [.text(String(repeating: "长", count: 90))] }).mail.subject
        #expect(long?.count == 70)
    }

    @Test("automatic mail says so, and answers may go elsewhere")
    func automatic() throws {
        let event = try render(
            dispatch {
                $0.kind = .event
                $0.replyTo = try Address(parsing: "mail:desk@x.example")
            })
        #expect(event.mail.isAutomatic && event.text.contains("Auto-Submitted: auto-generated"))
        #expect(event.mail.replyTo?.address == "desk@x.example")
        let elsewhere = try render(dispatch { $0.replyTo = try Address(parsing: "work:U2") })
        #expect(elsewhere.mail.replyTo == nil)
    }

    @Test("a bounce is a delivery report that nobody answers")
    func bounce() throws {
        let bounceFacts: JSON = ["recipient": "work:C1", "reason": "no such\r\nchannel ü", "status": "5.1.1"]
        let rendered = try renderer.render(
            dispatch(remote: "m1@x.example") {
                $0.kind = .bounce
                $0.parts = [
                    .text("It could not be delivered."),
                    Part(type: .data, name: "bounce.json", content: .value(bounceFacts)),
                ]
            })
        #expect(rendered.sender == "")
        let text = String(decoding: rendered.bytes, as: UTF8.self)
        #expect(text.contains("Final-Recipient: x-postroad; work:C1\r\nAction: failed\r\nStatus: 5.1.1\r\n"))
        #expect(text.contains("Auto-Submitted: auto-replied\r\n"))
        let message = try MailEnvelope(parsing: rendered.bytes, facts: facts(), id: someID).envelope
        #expect(message.kind == .event && message.isAutomatic)
        #expect(message.from.user == "mailer-daemon@hq.example" && message.inReplyTo == "m1@x.example")
        #expect(message.meta["dsn"]?["diagnostic"]?.string == "no such channel ?")
    }

    @Test("the router knows its own mail again, and mail that goes in circles")
    func loops() throws {
        let own = try renderer.render(dispatch { _ in }).bytes
        #expect(MailLoop.reason(own, router: "HQ.example", domains: []) != nil)
        #expect(MailLoop.reason(own, router: "other.example", domains: ["hq.example"]) != nil)
        #expect(MailLoop.reason(own, router: "other.example", domains: ["x.example"]) == nil)
        let circling = Array(String(repeating: "Received: by a\r\n", count: 101).utf8)
        #expect(MailLoop.reason(circling, router: "r", domains: []) != nil)
        let honest = Array(String(repeating: "Received: by a\r\n", count: 100).utf8)
        #expect(MailLoop.reason(honest, router: "r", domains: []) == nil)
    }
}
