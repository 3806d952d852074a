import Configuration
import Messages
import Stages
import Testing

@testable import Routing

@Suite struct RouteTargetTests {
    @Test("a topic that is excepted does not take the route, and explain says which pattern did it")
    func exceptions() throws {
        let text = """
            routes:
              - {name: a, match: ["news:**", "work:a"], except: ["news:*/jobs", "*:test"], to: work:A}
            """
        for (topic, isTaken) in [("news:x", true), ("news:x/jobs", false), ("news:test", false), ("work:a", true)] {
            #expect(try configuration(text).table.matches(message(topic)).isEmpty != isTaken, "\(topic)")
        }
        let explanation = try configuration(text).table.explain(message("news:x/jobs"), context: context())
        #expect(explanation.text().contains("the topic fits news:**, but also news:*/jobs, which is excepted"))
        #expect(explanation.json["routes"]?.array?.first?["verdict"] == "excluded")
    }

    @Test("a template makes an address of the message")
    func template() throws {
        let routes = "routes: [{name: r, match: \"news:**\", to: \"work:{{meta.channel}}\"}]"
        var envelope = try message("news:x")
        envelope.meta["channel"] = "C7"
        #expect(try plan(routes, envelope) == ["work:C7 deliver by r"])
        let table = try configuration(routes).table
        let notes = try table.plan(for: envelope, context: context()).dispatches.first?.notes
        #expect(notes == [StepNote(stage: "to", changes: ["work:{{meta.channel}} makes work:C7"])])
    }

    @Test("a template that makes no address holds the message for a person, with the reason, whatever else it does")
    func badTemplate() throws {
        let routes = """
            unrouted: work:rest
            routes: [{name: r, match: "news:**", to: ["{{meta.box}}:{{meta.channel}}", work:A]}]
            """
        var envelope = try message("news:x")
        #expect(
            try plan(routes, envelope) == [
                "work:rest hold at 0 to: {{meta.box}}:{{meta.channel}} makes \":\", which is no address: expected a mailbox name by r",
                "work:A deliver by r",
            ])
        envelope.meta = ["box": "news", "channel": "x"]
        #expect(
            try plan(routes, envelope).first
                == "work:rest hold at 0 to: {{meta.box}}:{{meta.channel}} makes \"news:x\", and no mailbox named \"news\" can send by r"
        )
    }

    @Test("an answer goes to the sender in its thread, as from a machine, and to no machine")
    func reply() throws {
        let routes = "routes: [{name: r, match: \"work:**\", to: reply}]"
        var envelope = try message("work:x")
        let dispatch = try #require(
            try configuration(routes).table.plan(for: envelope, context: context()).dispatches.first)
        #expect(line(dispatch) == "work:someone deliver by r")
        #expect(dispatch.envelope?.inReplyTo == envelope.id.description && dispatch.envelope?.isAutomatic == true)
        envelope.replyTo = try Address(parsing: "work:desk")
        #expect(try plan(routes, envelope) == ["work:desk deliver by r"])
        envelope.sender = Sender(isAutomatic: true)
        #expect(
            try plan(routes, envelope) == [
                "work:desk drop reply: a machine wrote the message, so it gets no automatic answer by r"
            ])
        #expect(
            try plan("routes: [{name: r, match: \"news:**\", to: reply}]", message("news:x")) == [
                "news:someone drop reply: the mailbox \"news\" cannot send by r"
            ])
    }

    @Test("a split sends each message to one address, the same one always, and so many as the weights say")
    func split() throws {
        let table = try configuration(
            "routes: [{name: r, match: \"news:**\", to: {split: {\"work:A\": 3, \"work:B\": 1}}}]"
        ).table
        var random = SeededGenerator(seed: 7)
        var counts: [String: Int] = [:]
        var envelope = try message("news:x")
        for _ in 0..<4_000 {
            envelope.id = MessageID(time: envelope.time, using: &random)
            let plan = try table.plan(for: envelope, context: context())
            #expect(try table.plan(for: envelope, context: context()) == plan)
            #expect(plan.dispatches.count == 1)
            counts[plan.dispatches[0].recipient.user, default: 0] += 1
        }
        #expect((2_800...3_200).contains(counts["A"] ?? 0), "\(counts)")
        let unlucky = try table.plan(for: envelope, context: context()).dispatches[0].notes
        #expect(unlucky.first?.changes.first?.hasSuffix(" of 4") == true)
    }
}

@Suite struct MailingListTests {
    private let lists = """
        lists:
          team: {members: [work:A, work:B, work:C], owners: work:boss, post: members, muted: work:C, senders: news:ci}
          all: {members: [work:A, work:D]}
        routes:
          - {name: r, match: "work:**", to: [list:team, list:all], via: {set: {subject: hi}}}

        """

    private func from(_ address: String) throws -> Envelope {
        var envelope = try message("work:x")
        envelope.from = try Address(parsing: address)
        return envelope
    }

    @Test("members get a message once each, and whoever wrote it gets none")
    func members() throws {
        #expect(
            try plan(lists, from("work:A")) == ["work:B deliver by r", "work:C deliver by r", "work:D deliver by r"])
        let dispatches = try configuration(lists).table.plan(for: from("work:A"), context: context()).dispatches
        #expect(dispatches[0].notes.first == StepNote(stage: "to", changes: ["list:team"]))
        #expect(dispatches[0].envelope?.subject == "hi")
    }

    @Test(
        "who may not write to a list is told in the trace",
        arguments: [
            ("work:X", "list:team: only members may write, and work:X is none"),
            ("work:C", "list:team: work:C is muted"), ("work:boss", nil), ("news:ci", nil), ("work:B", nil),
        ])
    func posting(sender: String, reason: String?) throws {
        let first = try #require(try plan(lists, from(sender)).first)
        #expect(first == reason.map { "list:team drop \($0) by r" } ?? "work:A deliver by r")
    }

    @Test("other rules of posting")
    func rules() throws {
        var list = MailingList(name: "x", posting: .authenticated)
        var envelope = try from("work:A")
        #expect(list.refusal(of: envelope)?.contains("only verified senders") == true)
        envelope.sender = Sender(isAuthenticated: true)
        #expect(list.refusal(of: envelope) == nil)
        list.posting = .owners
        #expect(list.refusal(of: envelope)?.contains("only owners") == true)
    }

    @Test("a message may name a list itself")
    func named() throws {
        let envelope = try message("news:x", to: ["list:all"])
        #expect(try plan(lists, envelope) == ["work:A deliver by envelope", "work:D deliver by envelope"])
    }

    @Test("what was decided at run time is laid over the file, and a list may be of the run time alone")
    func overlay() throws {
        var table = try configuration(lists).table
        let directory = Directory()
        table.directory = directory
        let time = try context().now
        func decide(_ list: String, _ address: String, _ role: ListMembership.Role, isMuted: Bool = false) throws {
            directory.set(
                ListMembership(
                    list: list, address: try Address(parsing: address), role: role, isMuted: isMuted, since: time,
                    decider: "operator"))
        }
        try decide("all", "work:E", .member)
        try decide("all", "work:A", .left)
        try decide("team", "work:B", .owner, isMuted: true)
        #expect(table.list(named: "all")?.members.map(\.user) == ["D", "E"])
        #expect(table.list(named: "team")?.owners.map(\.user) == ["boss", "B"])
        #expect(table.list(named: "team")?.refusal(of: try from("work:B")) == "list:team: work:B is muted")
        #expect(table.list(named: "new") == nil)
        directory.set(ListRecord(name: "new", posting: "anyone", joining: "open", created: time))
        try decide("new", "work:N", .member)
        #expect(
            try table.plan(for: message("news:x", to: ["list:new"]), context: context()).dispatches.map(line) == [
                "work:N deliver by envelope"
            ])
        directory.removeMembership(of: try Address(parsing: "work:E"), in: "all")
        #expect(table.list(named: "all")?.members.map(\.user) == ["D"])
        directory.removeList("new")
        #expect(table.list(named: "new") == nil)
    }
}

@Suite struct SubscriptionTests {
    private func subscription(_ id: Int64, _ pattern: String, _ address: String) throws -> Subscription {
        Subscription(
            id: id, pattern: try TopicPattern(parsing: pattern), address: try Address(parsing: address),
            created: try context().now, creator: "operator")
    }

    private func table(_ routes: String, _ subscriptions: [Subscription]) throws -> RouteTable {
        var table = try configuration(routes).table
        table.directory = Directory()
        table.directory.add(subscriptions)
        return table
    }

    @Test("subscribers come after the routes, the oldest first, and get nothing that they wrote")
    func order() throws {
        let table = try table(
            "routes: [{name: r, match: \"news:**\", to: work:A}]",
            [
                subscription(9, "news:**", "work:C"), subscription(2, "*:x", "work:B"),
                subscription(3, "news:x", "work:A"),
                subscription(4, "news:y", "work:D"), subscription(5, "news:*", "news:someone"),
            ])
        let plan = try table.plan(for: message("news:x"), context: context())
        #expect(
            plan.dispatches.map(line) == [
                "work:A deliver by r", "work:B deliver by subscription", "work:C deliver by subscription",
            ])
        #expect(plan.dispatches.map(\.route.location) == ["routes.yaml:4", "*:x", "news:**"])
        #expect(plan.repeated.map(\.route.location) == ["news:x"])
        table.directory.remove(2)
        table.directory.remove(2)
        #expect(try table.plan(for: message("news:x"), context: context()).dispatches.count == 2)
        #expect(table.directory.subscriptionCount == 4)
    }

    @Test("a route that stops stops subscriptions too, and may lead to them through its stages")
    func stops() throws {
        let subscriptions = try [subscription(1, "news:**", "work:C"), subscription(2, "news:x", "work:D")]
        let stop = try table("routes: [{match: \"news:**\", stop: true}]", subscriptions)
        #expect(try stop.plan(for: message("news:x"), context: context()).dispatches == [])
        let stages = try table(
            "routes: [{name: s, match: \"news:**\", via: {set: {subject: hi}}, to: subscribers, stop: true}]",
            subscriptions)
        let plan = try stages.plan(for: message("news:x"), context: context())
        #expect(plan.dispatches.map(line) == ["work:C deliver by s", "work:D deliver by s"])
        #expect(plan.dispatches.allSatisfy { $0.envelope?.subject == "hi" })
    }

    @Test("what somebody has subscribed to is not unrouted")
    func unrouted() throws {
        let table = try table("unrouted: work:rest", [subscription(1, "news:x", "work:C")])
        #expect(
            try table.plan(for: message("news:x"), context: context()).dispatches.map(line) == [
                "work:C deliver by subscription"
            ])
        #expect(
            try table.plan(for: message("news:y"), context: context()).dispatches.map(line) == [
                "work:rest deliver by unrouted"
            ])
    }
}

@Suite struct StrictTests {
    @Test("a recipient that gets everything by an earlier route is told, one that may not is not")
    func recipients() throws {
        let configuration = try configuration(
            """
            routes:
              - {name: a, match: "news:**", to: [work:A, list:l]}
              - {name: b, match: "news:x/*", to: [work:A, work:B]}
              - {name: c, match: ["news:y", "work:y"], to: work:A}
              - {name: d, match: "news:**", where: {subject: x}, to: work:D}
              - {name: e, match: "news:z", to: work:D}
              - {name: f, match: "news:**", except: "news:z", to: work:F}
              - {name: g, match: "news:z", to: work:F}
            lists: {l: {members: work:M}}
            """)
        #expect(
            configuration.strictFindings.map(\.description) == [
                "routes.yaml:6:5: warning: routes[1].to: work:A gets all of these messages by the route \"a\" at routes.yaml:5, never by this one"
            ])
    }

    @Test("a subscription without a source, or without a way out, is told")
    func subscriptions() throws {
        let configuration = try configuration("")
        func finding(_ pattern: String, _ address: String) throws -> String? {
            configuration.finding(
                on: Subscription(
                    id: 7, pattern: try TopicPattern(parsing: pattern), address: try Address(parsing: address),
                    created: try context().now, creator: "operator"))?.message
        }
        #expect(try finding("news:**", "work:A") == nil)
        #expect(try finding("*:x", "other.example!far:A") == nil)
        #expect(
            try finding("gone:**", "work:A")
                == "subscription 7 of work:A to gone:**: nothing comes in by a mailbox \"gone\"")
        #expect(
            try finding("news:x", "news:A")
                == "subscription 7 of news:A to news:x: nothing goes out by a mailbox \"news\"")
    }
}
