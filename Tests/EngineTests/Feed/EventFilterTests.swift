import Messages
import Spooling
import Testing

@testable import Engine

@Suite struct EventFilterTests {
    private func event(_ fact: (ExchangeEvent.Target) -> ExchangeEvent.Fact) throws -> ExchangeEvent {
        var envelope = try Envelope.sample()
        envelope.subject = "Disk full"
        let target = ExchangeEvent.Target(dispatch: 8_192, recipient: try Address(parsing: "hook:crm"), attempt: 3)
        return ExchangeEvent(
            number: 1, time: Timestamp(seconds: 1), subject: ExchangeEvent.Subject(envelope), fact: fact(target))
    }

    private func filter(_ text: String) throws -> EventFilter {
        try EventFilter(DispatchFilter(parsing: text, now: Timestamp(seconds: 1)))
    }

    @Test(
        "an event fits by what its dispatch is after it",
        arguments: [
            ("", true), ("state=waiting", true), ("state=delivered", false), ("to=hook:*", true), ("to=inbox:*", false),
            ("error~503", true), ("error~404", false), ("subject~disk", true), ("attempts>=3", true),
            ("attempts<=2", false), ("number=8192", true), ("number=1", false), ("topic=nothing:**", false),
        ])
    func fits(text: String, isFitting: Bool) throws {
        let event = try event { .deferred($0, reason: "HTTP 503", due: Timestamp(seconds: 9)) }
        #expect(try filter(text).fits(event) == isFitting)
    }

    @Test("the acceptance of a message fits when one of its recipients does")
    func acceptance() throws {
        let recipients = try ["hook:crm", "inbox:ann"].map { try Address(parsing: $0) }
        let event = try event { _ in .accepted(recipients: recipients) }
        #expect(try filter("to=inbox:*").fits(event))
        #expect(try !filter("to=mail:*").fits(event))
        #expect(try !filter("state=dead").fits(event))
    }

    @Test("what an operator did fits by the state it leads to")
    func operated() throws {
        let event = try event { .operated($0, action: "hold", by: "ann") }
        #expect(try filter("state=held").fits(event))
    }
}
