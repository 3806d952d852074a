import Configuration
import Testing

@testable import Routing

@Suite struct RetrySettingsTests {
    private func read(_ retry: String) throws -> (RetrySettings, [String]) {
        let (configuration, diagnostics) = load(
            "mailboxes: {chat: {adapter: inbox, expires: 3d,\n  retry: \(retry)}}\n")
        return (try #require(configuration?[mailbox: "chat"]?.retry, "\(diagnostics)"), diagnostics)
    }

    @Test("without a word the classes have the same schedule, and what is rejected is given up")
    func defaults() throws {
        #expect(try read("{}").0 == RetrySettings())
    }

    @Test("a class has its own values, and the common ones for the rest")
    func inheritance() throws {
        let (settings, diagnostics) = try read(
            """
            {first: 1s, factor: 3, jitter: 0, deferred: {first: 5s, until: 1d}, unknown: {hold: true, jitter: 0.5},
              rejected: {attempts: 3, maximum: 1m}}
            """)
        #expect(diagnostics == [])
        let (second, day) = (Duration.seconds(1), Duration.seconds(86_400))
        #expect(settings.deferred == .init(first: .seconds(5), factor: 3, jitter: 0, until: day))
        #expect(settings.unknown == .init(first: second, factor: 3, jitter: 0.5))
        #expect(settings.rejected == .init(first: second, factor: 3, maximum: .seconds(60), jitter: 0, attempts: 3))
        #expect(settings.holdsUnknown == true)
    }

    @Test(
        "what is doubtful is told with its place, and read",
        arguments: [
            (
                "{rejected: {first: 1m}}",
                "2:29: warning: mailboxes.chat.retry.rejected.first: what is rejected is not tried again unless attempts is given"
            ),
            (
                "{deferred: {until: 4d}}",
                "2:29: warning: mailboxes.chat.retry.deferred.until: until is longer than the mailbox's expires, which comes first"
            ),
        ])
    func warnings(retry: String, expected: String) throws {
        #expect(try read(retry).1 == ["routes.yaml:\(expected)"])
    }

    @Test(
        "what is wrong is told with its place and the nearest word",
        arguments: [
            (
                "{defered: {}}",
                "2:11: mailboxes.chat.retry.defered: no key named \"defered\" is known here; did you mean \"deferred\"?"
            ),
            (
                "{unknown: {most: 1m}}",
                "2:21: mailboxes.chat.retry.unknown.most: no key named \"most\" is known here"
            ),
            ("{unknown: {first: 5h}}", "2:28: mailboxes.chat.retry.unknown.first: first is longer than maximum"),
            ("{first: 5h}", "2:18: mailboxes.chat.retry.first: first is longer than maximum"),
            (
                "{deferred: {factor: 0.5}}",
                "2:30: mailboxes.chat.retry.deferred.factor: expected 1 to 10, got the number 0.5"
            ),
            ("{jitter: 2}", "2:19: mailboxes.chat.retry.jitter: expected 0 to 1, got the number 2"),
        ])
    func errors(retry: String, expected: String) {
        let (configuration, diagnostics) = load(
            "mailboxes: {chat: {adapter: inbox, expires: 3d,\n  retry: \(retry)}}\n")
        #expect(configuration == nil)
        #expect(diagnostics.count == 1 && diagnostics[0].hasPrefix("routes.yaml:\(expected)"), "\(diagnostics)")
    }
}
