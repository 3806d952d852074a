import Messages
import TestSupport
import Testing

@testable import Stages

@Suite struct StripQuotesStageTests {
    private func stripped(_ text: String, _ format: TextFormat = .plain, signatures: Bool = true) -> String {
        QuoteStripper(removesSignatures: signatures).strip(text, format: format)
    }

    @Test(
        "the line above a quote goes with it, in many languages",
        arguments: [
            "On Mon, Jan 5, 2026 at 10:15 AM Ann Lee <ann@example.org> wrote:",
            "On Mon, Jan 5, 2026 at 10:15 AM\nAnn Lee <ann@example.org>\nwrote:",
            "Am Mo., 5. Jan. 2026 um 10:15 Uhr schrieb Ann <ann@example.org>:",
            "Am 05.01.26 um 10:15 schrieb Ann:",
            "Le lun. 5 janv. 2026 à 10:15, Ann <ann@example.org> a écrit\u{A0}:",
            "El lun, 5 ene 2026 a las 10:15, Ann (<ann@example.org>) escribió:",
            "Il giorno lun 5 gen 2026 alle ore 10:15 Ann <ann@example.org> ha scritto:",
            "Em seg., 5 de jan. de 2026 às 10:15, Ann <ann@example.org> escreveu:",
            "Op ma 5 jan 2026 om 10:15 schreef Ann <ann@example.org>:",
            "Den mån 5 jan. 2026 kl 10:15 skrev Ann <ann@example.org>:",
            "W dniu 05.01.2026 o 10:15, Ann pisze:",
            "пн, 5 янв. 2026 г. в 10:15, Анна <ann@example.org> написала:",
            "在 2026年1月5日，10:15，Ann <ann@example.org> 写道：",
            "Ann <ann@example.org> 于2026年1月5日周一 10:15写道：",
            "2026年1月5日(月) 10:15 Ann <ann@example.org>のメッセージ:",
            "2026년 1월 5일 (월) 오전 10:15, Ann <ann@example.org>님이 작성:",
            "**On Monday, 5 January 2026 at 10:15, Ann wrote:**",
        ])
    func attributions(line: String) {
        #expect(stripped("Yes.\n\nSee you\n\n\(line)\n> Friday?\n>\n> Ann\n") == "Yes.\n\nSee you")
        #expect(stripped("Yes.\r\n\r\n\(line.replacing("\n", with: "\r\n"))\r\n\r\n> Friday?\r\n") == "Yes.")
    }

    @Test(
        "what stands below a separator or a header goes",
        arguments: [
            "-----Original Message-----\nFrom: Ann\nFriday?", "-------- Original-Nachricht --------\nDatum: x",
            "-----Ursprüngliche Nachricht-----\nVon: Ann", "------------------ 原始邮件 ------------------\n发件人: Ann",
            "-----Message d'origine-----\nx", "-----Исходное сообщение-----\nx",
            "From: Ann Lee <ann@example.org>\nSent: Monday, January 5, 2026 10:15 AM\nTo: Bo\nSubject: Friday\n\nFriday?",
            "**Von:** Ann\n**Gesendet:** Montag\n**An:** Bo\n**Betreff:** Freitag\n\nFreitag?",
            "De : Ann\nEnvoyé : lundi\nÀ : Bo\nObjet : x\n\nVendredi ?",
            "发件人： Ann <ann@example.org>\n发送时间： 2026年1月5日\n收件人： Bo\n主题： 周五\n\n周五？",
            "差出人: Ann\n送信日時: 2026年\n宛先: Bo\n件名: 金曜",
            "________________________________\nFrom: Ann\nSent: Monday\nTo: Bo\nSubject: x\n\nFriday?",
            "On Mon, Jan 5, 2026 at 10:15 AM Ann <ann@example.org> wrote:\n\nFriday?\n\nAnn",
        ])
    func histories(history: String) {
        #expect(stripped("Yes.\n\n\(history)") == "Yes.")
    }

    @Test(
        "what is no quoted mail stays",
        arguments: [
            "From: here to there\nwe go", "In 2024 he wrote:\n\nA book", "a > b\n >= c",
            "To: you\nSubject: x", "----------\nA rule", "-- is a dash and\nthere is more text",
            "---------- Forwarded message ----------\nFrom: Ann\nNo fields", "wrote:",
            "> only a quote\n> and nothing else",
        ])
    func innocent(text: String) {
        #expect(stripped(text) == text)
    }

    @Test("an answer below the quote stays, and so do answers between quotes with what they answer")
    func positions() {
        #expect(stripped("On Jan 5, 2026, at 10:15, Ann wrote:\n> Friday?\n\nYes.\n") == "Yes.")
        let interleaved = "> Friday?\n\nYes.\n\n> Where?\n\nHere."
        #expect(stripped(interleaved) == interleaved)
        #expect(stripped(interleaved + "\n\n> Ann\n> Boss") == interleaved)
    }

    @Test("signatures go unless they are wanted, or are all there is")
    func signatures() {
        #expect(stripped("Yes.\n\n-- \nBo\nExample Ltd") == "Yes.")
        #expect(stripped("Yes.\n\nSent from my iPhone") == "Yes.")
        #expect(stripped("好的\n\n发自我的iPhone") == "好的")
        #expect(stripped("Yes.\n\n-- \nBo", signatures: false) == "Yes.\n\n-- \nBo")
        #expect(stripped("-- \nBo\n\n> Friday?") == "-- \nBo")
        let long = "Yes.\n-- \n" + (0..<30).map { "line \($0)\n" }.joined()
        #expect(stripped(long).contains("line 29"))
    }

    @Test("in Markdown code fences are no quotes")
    func code() {
        let text = "Try\n\n```\n> ls\n-----Original Message-----\n```\n\nBye"
        #expect(stripped(text, .markdown) == text)
        #expect(stripped(text + "\n\n> quoted", .markdown) == text)
    }

    @Test("HTML is stripped by the elements that mail programs write, and goes on as Markdown")
    func html() throws {
        let mails = [
            "<div>Yes, <b>Friday</b>.</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Monday</div><blockquote>Friday?</blockquote></div>",
            "<p>Yes, <b>Friday</b>.</p><blockquote type=\"cite\">Friday?</blockquote>",
            "<div><p>Yes, <b>Friday</b>.</p><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">From</div><p>Friday?</p></div>",
            "<p>Yes, <b>Friday</b>.</p><div class=\"gmail_signature\">Bo</div>",
            "<p>Yes, <b>Friday</b>.</p><p>From: Ann<br>Sent: Monday<br>To: Bo<br>Subject: x</p><p>Friday?</p>",
        ]
        for mail in mails {
            let changed = try pass("strip_quotes", sample(text: mail, format: .html))
            #expect(changed.parts == [.text("Yes, **Friday**.", format: .markdown)], "\(mail)")
        }
        let plain = try sample(text: "<p>Yes</p>", format: .html)
        #expect(try pass("strip_quotes", plain) == plain)
        let all = try sample(text: "<blockquote type=\"cite\">Friday?</blockquote>", format: .html)
        #expect(try pass("strip_quotes", all).text.contains("Friday?"))
        let forwarded = try sample(
            text: "<p>FYI</p><div class=\"gmail_quote\">---------- Forwarded message ----------<br>News</div>",
            format: .html)
        #expect(try pass("strip_quotes", forwarded).text.contains("News"))
    }

    @Test("whatever the text, something is left, and nothing is added", arguments: 0..<10)
    func anyText(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let lines = [
            "", "> a", ">", "Yes.", "-- ", "On Jan 5, 2026, at 10:15, Ann wrote:", "-----Original Message-----", "```",
            "  ",
            "From: Ann", "Sent: Monday", "To: Bo", "Sent from my phone", "_______", "写道：", "Ann <a@b> 于 1 写道：",
        ]
        for _ in 0..<300 {
            let chosen = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                lines.randomElement(using: &random) ?? ""
            }
            let text = chosen.joined(separator: "\n")
            for format in [TextFormat.plain, .markdown] {
                let result = stripped(text, format)
                #expect(result.isEmpty == text.isEmpty)
                #expect(result.contains { !$0.isWhitespace } || !text.contains { !$0.isWhitespace })
                var rest = chosen[...]
                for line in result.split(separator: "\n", omittingEmptySubsequences: false) {
                    while let next = rest.first, next != line { rest = rest.dropFirst() }
                    #expect(!rest.isEmpty, "\(text.debugDescription) became \(result.debugDescription)")
                    rest = rest.dropFirst()
                }
            }
        }
    }
}
