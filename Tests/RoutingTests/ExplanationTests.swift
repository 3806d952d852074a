import Messages
import Testing

@testable import Routing

@Suite struct ExplanationTests {
    private static let routes = """
        stages: {brief: [{truncate: 12}]}
        routes:
          - {name: Rust news, match: ["news:**"], where: {subject: /rust/i}, to: work:C1}
          - {name: The web, match: ["work:**", "work:a"], to: work:C1}
          - name: Swift news for the team that likes to read about languages
            match: news:*
            where: {subject: /swift/i, text: /out/i}
            via: [brief, {set: {priority: high, subject: "{{subject}} is out, and everybody should have a look at what it can do"}}]
            to: [work:C2, work:C3]
            stop: true
          - {name: Rest, match: "*:**", to: work:C4}

        """

    private func explain(_ envelope: Envelope) throws -> Explanation {
        try configuration(Self.routes).table.explain(envelope, context: context())
    }

    @Test("an explanation tells of every route and every stage, in 80 columns")
    func text() throws {
        let text = try explain(message("news:lobsters", subject: "Swift 6.3", text: "Out now, for everyone")).text()
        #expect(
            text == """
                news:lobsters
                  from news:someone
                  subject "Swift 6.3"

                Routes
                  - Rust news (routes.yaml:6)
                      the topic fits news:**, but subject "Swift 6.3" does not match /rust/i
                  - The web (routes.yaml:7)
                      the topic does not fit work:** or work:a
                  + Swift news for the team that likes to read about languages (routes.yaml:8)
                      the topic fits news:*; subject "Swift 6.3" matches /swift/i; text "Out
                        now, for everyone" matches /out/i
                  . Rest (routes.yaml:14)
                      not looked at: Swift news for the team that likes to read about languages
                        (routes.yaml:8) stops

                Goes to
                  work:C2, by Swift news for the team that likes to read about languages
                    (routes.yaml:8)
                    brief/truncate  text: 21 → 12 characters, Out now, fo[-r everyone-]{+…+}
                    set  subject: "Swift 6.3" → "Swift 6.3 is out, and everybody should have a
                      look at what i…"
                         priority: normal → high
                  work:C3, by Swift news for the team that likes to read about languages
                    (routes.yaml:8)
                    brief/truncate  text: 21 → 12 characters, Out now, fo[-r everyone-]{+…+}
                    set  subject: "Swift 6.3" → "Swift 6.3 is out, and everybody should have a
                      look at what i…"
                         priority: normal → high

                """)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("routes for other topics can be counted instead")
    func brief() throws {
        let text = try explain(message("local:x", to: ["work:Z"])).text(includesOtherTopics: false)
        #expect(
            text == """
                local:x
                  from local:someone
                  to work:Z

                Routes
                  + Rest (routes.yaml:14)
                      the topic fits *:**
                  - 3 routes for other topics

                Goes to
                  work:Z, by envelope
                  work:C4, by Rest (routes.yaml:14)

                """)
    }

    @Test("an explanation of nothing says so")
    func nothing() throws {
        let table = try configuration("routes: [{match: news:void, stop: true}]").table
        #expect(
            try table.explain(message("news:void"), context: context()).text().hasSuffix(
                "\nGoes nowhere: the routes it takes name no address\n"))
        let empty = try configuration("").table.explain(message("news:x"), context: context()).text()
        #expect(empty.hasSuffix("\nThere are no routes.\n\nGoes to\n  local:postmaster, by unrouted\n"))
    }

    @Test("for machines it is JSON")
    func json() throws {
        let json = try explain(message("news:lobsters", subject: "Swift 6.3", text: "Out now, for everyone")).json
        #expect(json["topic"] == "news:lobsters")
        let routes = try #require(json["routes"]?.array)
        #expect(routes.map { $0["verdict"] } == ["condition", "other_topic", "taken", "not_reached"])
        #expect(routes[0]["route"] == ["name": "Rust news", "location": "routes.yaml:6"])
        #expect(routes[3]["stopped_by"]?["location"] == "routes.yaml:8")
        let dispatch = try #require(json["dispatches"]?.array?.first)
        #expect(dispatch["recipient"] == "work:C2")
        #expect(dispatch["outcome"] == "deliver")
        #expect(
            dispatch["stages"]?.array?.first == [
                "stage": "brief/truncate", "changes": ["text: 21 → 12 characters, Out now, fo[-r everyone-]{+…+}"],
            ])
        #expect(dispatch["envelope"]?["priority"] == "high")
        #expect(try JSON(parsing: Array(json.description.utf8)) == json)
    }
}
