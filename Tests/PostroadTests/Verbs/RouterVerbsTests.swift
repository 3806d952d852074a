import Messages
import Testing

@testable import postroad

@Suite struct RouterVerbsTests {
    @Test("what is sent is in the inbox, and its trace says how it came there")
    func sendAndRead() async throws {
        try await RunningRouter.run { router in
            let sent = await router.postroad("send", "--to", "inbox:me", "--subject", "Hello", "It works.")
            #expect(sent.code == .good)
            #expect(sent.notes == "→ inbox:me (envelope)\n")
            let id = sent.answer.trimmingLineEnd
            let list = try await router.postroad("inbox", until: "Hello")
            #expect(list.answer.contains("inbox:me"))
            let trace = try await router.postroad("trace", id, until: "→ inbox:me  delivered")
            #expect(trace.answer.contains("route      envelope"))
            let listed = try #require(list.answer.split(separator: "\n").last?.split(separator: " ").first)
            for name in [id, String(listed)] {
                let message = await router.postroad("inbox", name)
                #expect(message.code == .good, "\(message.notes)")
                #expect(message.answer.contains("It works."))
            }
        }
    }

    @Test("the inbox lists all mailboxes that keep messages, the latest first, or one recipient's")
    func inboxes() async throws {
        try await RunningRouter.run { router in
            _ = await router.postroad("send", "--to", "inbox:me", "first")
            _ = try await router.postroad("inbox", until: "first")
            _ = await router.postroad("send", "--topic", "local:odd", "second")
            let all = try await router.postroad("inbox", until: "second")
            let lines = all.answer.split(separator: "\n").dropFirst()
            #expect(lines.count == 2)
            #expect(lines.first?.contains("local:postmaster") == true)
            let mine = await router.postroad("inbox", "inbox:me", "--json")
            #expect(try mine.json()["messages"]?.array?.compactMap { $0["snippet"]?.string } == ["first"])
            let one = await router.postroad("inbox", "--limit", "1", "--json")
            #expect(try one.json()["messages"]?.array?.compactMap { $0["snippet"]?.string } == ["second"])
        }
    }

    static let refusals: [([String], String)] = [
        (["inbox", "api:x"], "api keeps no messages; inbox, local do"),
        (["inbox", "nobody"], "bad address \"nobody\""),
        (["inbox", "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07"], "no message 019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07"),
        (["inbox", "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07-1"], "no inbox keeps the message"),
        (["trace", "xyz"], "no message fits \"xyz\""),
        (["trace", "019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07"], "never accepted here"),
        (["send", "--to", "nowhere:x", "hi"], "no mailbox named \"nowhere\""),
        (["send", "--to", "me", "hi"], "to[0]: bad address \"me\""),
        (["send", " "], "there is nothing to send"),
        (["spool", "list", "colour=red"], "no condition \"colour\""),
        (["spool", "show", "77"], "no dispatch has the number 77"),
        (["mailboxes", "show", "inbx"], "no mailbox named \"inbx\"; there are inbox, api"),
        (["mailboxes", "pause", "inbx"], "no mailbox named \"inbx\""),
    ]

    @Test("what cannot be done ends with 1 and says why")
    func refused() async throws {
        try await RunningRouter.run { router in
            for (words, text) in Self.refusals {
                let run = await CommandLineRun(words + ["--config", router.configuration])
                #expect(run.code == .badInput, "\(words)")
                #expect(run.notes.contains(text), "\(words): \(run.notes)")
            }
        }
    }

    @Test("a paused mailbox keeps dispatches waiting; they can be held, released, dropped and retried")
    func spool() async throws {
        try await RunningRouter.run { router in
            #expect(await router.postroad("mailboxes", "pause", "inbox").notes == "inbox: pause done\n")
            _ = await router.postroad("send", "--to", "inbox:me", "--subject", "Later", "hi")
            let waiting = try await router.postroad("spool", "list", until: "waiting")
            #expect(waiting.answer.contains("Later"))
            let dry = await router.postroad("spool", "drop", "all", "--dry-run")
            #expect(dry.notes == "drop: 1 dispatch (dry run, nothing was done)\n")
            for empty in ["", " "] {
                let refused = await router.postroad("spool", "drop", empty)
                #expect(refused.code == .wrongUsage && refused.notes.contains("`all`"), "\(refused.notes)")
            }
            #expect(await router.postroad("spool", "hold", "subject~later").code == .good)
            #expect(await router.postroad("spool", "list", "state=held").answer.contains("inbox:me"))
            #expect(await router.postroad("spool", "release", "state=held").code == .good)
            #expect(await router.postroad("spool", "drop", "to=inbox:*", "--reason", "old").code == .good)
            #expect(await router.postroad("spool", "list", "state=dropped").answer.contains("old"))
            let nothing = await router.postroad("spool", "release", "state=held")
            #expect(nothing.code == .badInput)
            #expect(nothing.notes.hasSuffix("release: 0 dispatches\n"))
            _ = await router.postroad("mailboxes", "resume", "inbox")
            #expect(await router.postroad("spool", "retry", "state=dropped").code == .good)
            _ = try await router.postroad("spool", "list", "state=delivered", until: "Later")
        }
    }

    static let listings: [[String]] = [
        ["spool", "list"], ["spool", "list", "--damaged"], ["mailboxes", "list"], ["mailboxes", "show", "inbox"],
        ["inbox"],
    ]

    @Test("every listing is one JSON text with --json")
    func json() async throws {
        try await RunningRouter.run { router in
            for words in Self.listings {
                let run = await CommandLineRun(words + ["--json", "--config", router.configuration])
                #expect(run.code == .good, "\(words): \(run.notes)")
                #expect(throws: Never.self) { try run.json() }
            }
        }
    }

    @Test("mailboxes show how they receive and send")
    func mailboxes() async throws {
        try await RunningRouter.run { router in
            let list = await router.postroad("mailboxes", "list").answer.split(separator: "\n")
            #expect(list.map { $0.prefix { $0 != " " } } == ["MAILBOX", "inbox", "api", "local"])
            let show = await router.postroad("mailboxes", "show", "api").answer
            #expect(show.hasPrefix("api\n  adapter    http\n"))
            #expect(show.contains("  sends      -\n"))
        }
    }

    @Test("without a router the verbs say so, and where they looked")
    func notRunning() async throws {
        try await withConfiguration { path, folder in
            for words in [["send", "hi"], ["spool", "list"], ["inbox"], ["mailboxes", "list"]] {
                let run = await CommandLineRun(words + ["--config", path])
                #expect(run.code == .badInput)
                #expect(
                    run.notes == """
                        the router is not running (nobody listens on \(folder)/data/control.sock).
                        Start it with `postroad serve`, or name its configuration with --config.

                        """)
            }
        }
    }
}

extension String {
    /// The text without the line end at its end.
    var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
