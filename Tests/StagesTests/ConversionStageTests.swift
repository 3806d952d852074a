import Messages
import Testing

@testable import Stages

@Suite struct ConversionStageTests {
    @Test(
        "every format becomes every other",
        arguments: [
            (TextFormat.plain, "markdown", "a *b* <c>", "a \\*b\\* \\<c>"),
            (.plain, "html", "a <b>\nc\n\nd", "<p>a &lt;b&gt;<br>\nc</p>\n<p>d</p>\n"),
            (.plain, "plain", "a *b*", "a *b*"),
            (.markdown, "plain", "# T\n\n- **a**\n- [b](https://x.org/)", "T\n\n- a\n- b (https://x.org/)"),
            (.markdown, "html", "| a | b |\n| - | - |\n| 1 | ~~2~~ |", nil),
            (.html, "plain", "<ul><li>一<li>二</ul>", "- 一\n- 二"),
            (.html, "markdown", "<h1>标题</h1><b>x</b>", "# 标题\n\n**x**"),
            (.html, "html", "<p onclick=\"x()\">a<script>b</script></p>", "<p>a</p>\n"),
        ] as [(TextFormat, String, String, String?)])
    func conversions(format: TextFormat, stage: String, text: String, expected: String?) throws {
        let changed = try pass(stage, sample(text: text, format: format))
        #expect(changed.textFormat.rawValue == stage)
        if let expected { #expect(changed.text == expected) } else { #expect(changed.text.contains("<del>2</del>")) }
    }

    @Test("every text part is turned, and other parts stay")
    func parts() throws {
        let envelope = try sample(text: "<b>a</b>", format: .html) { envelope in
            envelope.parts.append(Part(type: .image, content: .bytes([1])))
            envelope.parts.append(.text("**b**", format: .markdown))
        }
        let changed = try pass("plain", envelope)
        #expect(changed.parts == [.text("a"), Part(type: .image, content: .bytes([1])), .text("b")])
    }

    @Test("what could run in a browser does not go through", arguments: ["html", "markdown"])
    func hostile(stage: String) throws {
        let texts = [
            "<img src=x onerror=alert(1)>", "<a href=\"javascript:alert(1)\">x</a>", "[x](javascript:alert(1))",
            "<svg/onload=alert(1)>", "<iframe src=\"//x\"></iframe>", "[x](data:text/html;base64,AAAA)",
            "<style>*{}</style>", "<!--><script>alert(1)</script>-->", "![x](vbscript:x)",
        ]
        for text in texts {
            for format in TextFormat.allCases {
                let changed = try pass("[\(stage), html]", sample(text: text, format: format)).text.lowercased()
                for part in [
                    "<script", "<iframe", "<svg", "<style", "href=\"javascript", "src=\"vbscript", "href=\"data:",
                    "<img src=x",
                ] {
                    #expect(!changed.contains(part), "\(format) \(text) became \(changed)")
                }
            }
        }
    }

    @Test("conversions take no settings")
    func faults() {
        #expect(
            read(via: "{plain: {links: false}}").diagnostics == [
                "routes.yaml:2:15: via.plain.links: no key named \"links\" is known here"
            ])
    }
}

@Suite struct TranslateEmojiStageTests {
    private func translated(_ text: String, _ way: EmojiTranslator.Direction, as format: TextFormat = .plain) -> String
    {
        EmojiTranslator(direction: way).translate(text, as: format)
    }

    @Test(
        "names become emoji, what is no name stays",
        arguments: [
            (":smile:", "😄"), (":+1::-1:", "👍👎"), ("a :heart: b", "a ❤️ b"), (":flag-de:", "🇩🇪"), (":SMILE:", "😄"),
            (":nosuchname:", ":nosuchname:"), ("::smile:", ":😄"), ("10:100:20", "10:100:20"), ("好:100:", "好💯"),
            (":wave::skin-tone-6:", "👋🏿"), (":wave::skin-tone-9:", "👋"), ("a:b:c", "a:b:c"), (":", ":"), ("::", "::"),
        ])
    func names(text: String, expected: String) {
        #expect(translated(text, .emoji) == expected)
    }

    @Test(
        "emoji become names, with tones, joined ones and flags",
        arguments: [
            ("😄", ":smile:"), ("❤️ and ❤", ":heart: and ❤"), ("👋🏼", ":wave::skin-tone-3:"), ("🇩🇪🇯🇵", ":de::jp:"),
            ("👩‍💻", ":female-technologist:"), ("#️⃣", ":hash:"), ("日本語 é ©", "日本語 é ©"), ("🫨", nil),
        ] as [(String, String?)])
    func emoji(text: String, expected: String?) {
        if let expected {
            #expect(translated(text, .names) == expected)
        } else {
            #expect(!translated(text, .names).isEmpty)
        }
    }

    @Test("all that is in the table goes there and back")
    func roundTrip() {
        let table = EmojiTable.standard
        #expect(table.emoji.count > 1_900)
        for (name, sign) in table.emoji {
            #expect(translated(translated(":\(name):", .emoji), .names).hasPrefix(":"), "\(name)")
            #expect(translated(translated(sign, .names), .emoji) == sign, "\(name)")
        }
    }

    @Test("code and links stay")
    func markdown() {
        #expect(
            translated(":tada: `:tada:` [:tada:](x:tada:) https://x/:tada:/", .emoji, as: .markdown).hasPrefix(
                "🎉 `:tada:` "))
        #expect(translated("```\n:tada:\n```\n:tada:", .emoji, as: .markdown) == "```\n:tada:\n```\n🎉")
    }

    @Test("subject and texts are translated, and another way is reported")
    func stage() throws {
        let changed = try pass("{translate_emoji: names}", sample(subject: "🎉", text: "🎉"))
        #expect((changed.subject, changed.text) == (":tada:", ":tada:"))
        #expect(
            read(via: "{translate_emoji: name}").diagnostics == [
                "routes.yaml:2:24: via.translate_emoji: expected emoji or names, got the text \"name\"; did you mean \"names\"?"
            ])
    }
}
