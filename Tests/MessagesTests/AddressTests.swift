import Messages
import Testing

@Suite struct AddressTests {
    @Test(
        "an address is split at the last \"!\" before the first \":\", then at that \":\"",
        arguments: [
            ("mail:ann@example.org", [], "mail", "ann@example.org"),
            ("news:https://example.org/feed!x", [], "news", "https://example.org/feed!x"),
            ("work:C024BE91L", [], "work", "C024BE91L"),
            ("a:b", [], "a", "b"),
            ("a-b_9:x:y:z", [], "a-b_9", "x:y:z"),
            ("desk:支持 team", [], "desk", "支持 team"),
            ("hq!mail:ann", ["hq"], "mail", "ann"),
            ("hq.example!b-2!mail:ann!bob", ["hq.example", "b-2"], "mail", "ann!bob"),
            ("1!2!3!4!5!6!7!8!m:u", ["1", "2", "3", "4", "5", "6", "7", "8"], "m", "u"),
            ("m::", [], "m", ":"),
            ("m:!", [], "m", "!"),
            ("HQ!m:u", ["HQ"], "m", "u"),
        ] as [(String, [String], String, String)])
    func parts(text: String, peers: [String], platform: String, user: String) throws {
        let address = try Address(parsing: text)
        #expect(address.peers == peers)
        #expect(address.platform == platform)
        #expect(address.user == user)
        #expect(address.description == text)
        #expect(try Address(peers: peers, platform: platform, user: user) == address)
    }

    @Test(
        "what is no address is told with the offset of the first wrong character",
        arguments: [
            ("", 0, "expected \":\" between platform and user, as in mail:ann@example.org"),
            ("mail", 4, "expected \":\" between platform and user, as in mail:ann@example.org"),
            ("hq!mail", 7, "expected \":\" between platform and user, as in mail:ann@example.org"),
            (":ann", 0, "expected a mailbox name"),
            ("mail:", 5, "expected a user after \":\""),
            ("Mail:ann", 0, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
            ("1mail:ann", 0, "a mailbox name begins with a letter from a to z"),
            ("-mail:ann", 0, "a mailbox name begins with a letter from a to z"),
            ("ma il:ann", 2, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
            ("mäil:ann", 1, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
            ("mail:a\nb", 6, "a control character"),
            ("mail:a\u{7F}", 6, "a control character"),
            ("mail:é\u{85}", 7, "a control character"),
            ("mail:\u{0}", 5, "a control character"),
            ("!mail:ann", 0, "expected the name of a router before \"!\""),
            ("hq!!mail:ann", 3, "expected the name of a router before \"!\""),
            ("hq!:ann", 3, "expected a mailbox name"),
            ("hq!Mail:ann", 3, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
            ("h/q!mail:ann", 1, "a router's name has only letters, digits, \".\", \"-\" and \"_\""),
            ("hq!.b!mail:ann", 3, "a router's name begins with a letter or a digit"),
            ("1!2!3!4!5!6!7!8!9!m:u", 16, "at most 8 routers in a bang path"),
        ])
    func faults(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badAddress(text: text, offset: offset, reason: reason)) {
            try Address(parsing: text)
        }
    }

    @Test("the longest names are taken, and one byte more is not, with the offset of that byte")
    func limits() throws {
        let platform = String(repeating: "p", count: 32)
        let user = String(repeating: "ü", count: 256)
        let peer = String(repeating: "r", count: 253)
        #expect(try Address(parsing: "\(peer)!\(platform):\(user)").user == user)
        let cases = [("p\(platform):u", 32), ("m:\(user)x", 514), ("r\(peer)!m:u", 253)]
        for (text, expected) in cases {
            let error = #expect(throws: MessageError.self) { try Address(parsing: text) }
            guard case .badAddress(_, let offset, _) = error else { return #expect(Bool(false), "\(error as Any)") }
            #expect(offset == expected)
        }
    }

    @Test(
        "parts that would move the borders between parts make no address",
        arguments: [(["a!b"], "m", "u"), ([], "peer!m", "u"), ([], "m:x", "u"), (["a"], "b!m", "u")]
            as [([String], String, String)])
    func borders(peers: [String], platform: String, user: String) {
        #expect(throws: MessageError.self) { try Address(peers: peers, platform: platform, user: user) }
    }

    @Test("addresses are ordered as their texts are")
    func order() throws {
        let texts = ["a:b", "a:c", "b!a:a", "b:a"]
        let sorted = try texts.reversed().map(Address.init(parsing:)).sorted()
        #expect(sorted.map(\.description) == texts)
    }

    @Test("an error shows long and hostile input cut and escaped, in one line")
    func errorText() {
        let hostile = "\u{1B}[2J\u{202E}\n" + String(repeating: "e\u{301}", count: 10_000)
        let error = #expect(throws: MessageError.self) { try Address(parsing: hostile) }
        let text = error?.description ?? ""
        #expect(text.hasPrefix(#"bad address "\u{1B}[2J\u{202E}\n"#))
        #expect(text.utf8.count < 400)
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
    }
}

@Suite struct MailboxNameTests {
    @Test(
        "a mailbox name is a letter and up to 31 letters, digits, _ and -",
        arguments: [
            ("a", true), ("a1_-", true), (String(repeating: "a", count: 32), true), ("", false), ("A", false),
            ("_a", false), ("9", false), ("a.b", false), ("ａ", false), (String(repeating: "a", count: 33), false),
        ])
    func rule(name: String, isValid: Bool) {
        #expect(MailboxName.isValid(name) == isValid)
    }
}
