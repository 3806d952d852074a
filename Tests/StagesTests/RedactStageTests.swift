import Messages
import TestSupport
import Testing

@testable import Stages

@Suite struct RedactStageTests {
    private func redacted(_ text: String, _ kinds: [RedactedKind] = RedactedKind.allCases) -> String {
        var redaction = Redaction(kinds: kinds, replacement: nil)
        return redaction.text(text)
    }

    @Test(
        "card numbers are found by their check digit",
        arguments: [
            ("4111111111111111", "[card number]"), ("4111 1111 1111 1111", "[card number]"),
            ("3782-822463-10005.", "[card number]."),
            ("pay with 5500005555555559 today", "pay with [card number] today"),
            ("order 12 4111 1111 1111 1111", "order 12 [card number]"), ("6200000000000005", "[card number]"),
            ("４１１１　１１１１　１１１１　１１１１", "[card number]"), ("卡号4111111111111111，谢谢", "卡号[card number]，谢谢"),
            ("4111111111111112", "4111111111111112"), ("1234567890123", "1234567890123"),
            ("41111111111111114111111111111111", "41111111111111114111111111111111"),
            ("x4111111111111111", "x4111111111111111"),
            ("0000000000000000", "0000000000000000"), ("4111 1111 1111", "4111 1111 1111"),
        ])
    func cards(text: String, expected: String) {
        #expect(redacted(text, [.cards]) == expected)
    }

    @Test(
        "e-mail addresses are found in any surroundings",
        arguments: [
            ("Write to ann.o'neil+x@mail.example.org.", "Write to [e-mail address]."),
            ("<ann@example.org>, (bo@example.com)", "<[e-mail address]>, ([e-mail address])"),
            ("请联系ann@example.org谢谢", "请联系[e-mail address]谢谢"), ("ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", "[e-mail address]"),
            ("[x](mailto:ann@example.org)", "[x](mailto:[e-mail address])"), ("ann@localhost", "ann@localhost"),
            ("@ann and ann@", "@ann and ann@"), ("a@b@example.org", "a@[e-mail address]"),
            ("x@example.c", "x@example.c"), ("x@-a.example", "x@-a.example"), ("😀a@example.org😀", "😀[e-mail address]😀"),
        ])
    func emails(text: String, expected: String) {
        #expect(redacted(text, [.emails]) == expected)
    }

    @Test(
        "account numbers are found by their country and check digits",
        arguments: [
            ("DE89370400440532013000", "[IBAN]"), ("IBAN: GB82 WEST 1234 5698 7654 32!", "IBAN: [IBAN]!"),
            ("fr14 2004 1010 0505 0001 3m02 606", "[IBAN]"), ("DE89370400440532013001", "DE89370400440532013001"),
            ("XX89370400440532013000", "XX89370400440532013000"), ("DE8937040044053201300", "DE8937040044053201300"),
            ("DE893704004405320130001", "DE893704004405320130001"), ("帐号：NO9386011117947。", "帐号：[IBAN]。"),
        ])
    func ibans(text: String, expected: String) {
        #expect(redacted(text, [.ibans]) == expected)
    }

    @Test(
        "secrets are found by their form and by the word before them",
        arguments: [
            ("password: hunter2, ok", "password: [secret], ok"), ("PASSWORD=\"a b c\" x", "PASSWORD=\"[secret]\" x"),
            ("{\"api_key\": \"k3y-9999-abc\"}", "{\"api_key\": \"[secret]\"}"), ("密码：abc12345。", "密码：[secret]。"),
            ("token: see below", "token: see below"), ("The secret: nobody knows", "The secret: nobody knows"),
            ("Authorization: Bearer abcdef0123456789xyz", "Authorization: Bearer [secret]"),
            ("ghp_0123456789abcdefghijklmnopqrstuvwxyz.", "[secret]."), ("AKIAIOSFODNN7EXAMPLE", "[secret]"),
            ("xoxb-1234567890-abcdef", "[secret]"),
            ("risk-assessment-of-everything-here", "risk-assessment-of-everything-here"),
            ("postgres://app:s3cr3t@db.example/x", "postgres://app:[secret]@db.example/x"),
            ("https://example.org:8080/x@y", "https://example.org:8080/x@y"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end", "[secret] end"),
            ("bot 123456789:AAabcdefghijklmnopqrstuvwxyz0123456", "bot 123456789:[secret]"),
            (
                "x\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\ny",
                "x\n[secret]\ny"
            ),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "[secret]"),
            ("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----"),
        ])
    func secrets(text: String, expected: String) {
        #expect(redacted(text, [.secrets]) == expected)
    }

    @Test(
        "phone numbers are found when they are asked for, dates and amounts are not",
        arguments: [
            ("+49 30 1234567", "[phone number]"), ("(030) 123 45 67", "[phone number]"),
            ("030/1234567", "[phone number]"),
            ("call 555-123-4567 now", "call [phone number] now"), ("手机13812345678。", "手机[phone number]。"),
            ("138 1234 5678", "[phone number]"), ("0049 30 1234567", "[phone number]"), ("2026-01-05", "2026-01-05"),
            ("05.01.2026", "05.01.2026"), ("12:30", "12:30"), ("order 4711", "order 4711"),
            ("1,234,567.89", "1,234,567.89"), ("4111111111111112", "4111111111111112"), ("+12", "+12"),
        ])
    func phones(text: String, expected: String) {
        #expect(redacted(text, [.phones]) == expected)
    }

    @Test("the trace counts what was taken out, and never shows it")
    func trace() throws {
        let envelope = try sample(subject: "ann@example.org", text: "4111 1111 1111 1111 and bo@example.org") {
            envelope in
            envelope.parts.append(.text("password: hunter22", format: .markdown))
        }
        let notes = try notes("redact", envelope)
        #expect(notes.last == "took out 1 secret, 1 card number, 2 e-mail addresses")
        #expect(
            !notes.joined().contains("4111") && !notes.joined().contains("hunter") && !notes.joined().contains("bo@"))
        let changed = try pass("redact", envelope)
        #expect(changed.subject == "[e-mail address]")
        #expect(changed.parts.last == .text("password: [secret]", format: .markdown))
        #expect(try pass("redact", sample()) == sample())
    }

    @Test("kinds can be left out, and one text can stand for all")
    func settings() throws {
        let envelope = try sample(text: "4111111111111111 ann@example.org +49 30 1234567")
        #expect(try pass("{redact: cards}", envelope).text == "[card number] ann@example.org +49 30 1234567")
        #expect(try pass("redact", envelope).text == "[card number] [e-mail address] +49 30 1234567")
        #expect(try pass("{redact: {kinds: [phones, emails], with: '#'}}", envelope).text == "4111111111111111 # #")
    }

    @Test("what HTML hides is found as it is read")
    func html() throws {
        let hidden = try sample(text: "<p>4111<b></b>1111&#49;1111111 x</p>", format: .html)
        #expect(
            try pass("{redact: cards}", hidden).parts == [.text("\\[card number\\] x", format: .markdown)]
                || !pass("{redact: cards}", hidden).text.contains("1111"))
        let open = try sample(text: "<a href=\"mailto:ann@example.org\">Ann</a>", format: .html)
        #expect(try pass("redact", open).text == "<a href=\"mailto:[e-mail address]\">Ann</a>")
    }

    @Test("whatever the text, a second run finds nothing", arguments: 0..<10)
    func anyText(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let pieces = [
            "4111", " ", "1111", "-", "@", "example.org", "ann", "+49", "030", "DE89", "3704", "password: ", "x", ":",
            "//",
            "ghp_", "eyJ", ".", "密码：", "１２３", "😀", "\n", "-----BEGIN ", "PRIVATE KEY", "-----", "sk-",
        ]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let once = redacted(text)
            for kind in RedactedKind.allCases {
                for other in [text, once] { _ = redacted(other, [kind]) }
            }
            #expect(redacted(once, [.emails, .ibans]) == once, "\(text.debugDescription)")
        }
    }

    @Test(
        "settings that make no sense are reported",
        arguments: [
            ("{redact: []}", "2:15: via.redact: expected at least one kind in the list"),
            (
                "{redact: card}",
                "2:15: via.redact: expected secrets, cards, emails, ibans or phones, got the text \"card\"; did you mean \"cards\"?"
            ),
            ("{redact: {kinds: [], with: x}}", "2:23: via.redact.kinds: expected 1 to 10 items, got 0"),
        ])
    func faults(via: String, expected: String) {
        #expect(read(via: via).diagnostics == ["routes.yaml:\(expected)"])
    }
}

@Suite struct HostileRedactionTests {
    @Test("texts that begin much and end nothing cost no more than their length", arguments: RedactedKind.allCases)
    func cost(kind: RedactedKind) {
        for piece in ["1 ", "-----BEGIN ", "a@", "a.a.", "://a:", "password:", "eyJ", "DE89", "+1 ", "密", "1", "ghp_"] {
            var redaction = Redaction(kinds: [kind], replacement: nil)
            #expect(!redaction.text(String(repeating: piece, count: 20_000)).isEmpty)
        }
    }
}
