import Testing

@testable import postroad

@Suite struct WordsTests {
    static let filters: [([String], String)] = [
        ([], ""), (["state=dead to=hook:*"], "state=dead to=hook:*"),
        (["state=dead", "to=hook:*"], "state=dead to=hook:*"),
        (["state=dead", "error~no such user"], "state=dead error~\"no such user\""),
        (["state=dead", "error~\"no such user\""], "state=dead error~\"no such user\""),
        (["attempts>=3", "route=the first"], "attempts>=3 route=\"the first\""),
    ]

    @Test("the shell's words become one filter, and quotes that the shell took are put back", arguments: filters)
    func filter(words: [String], text: String) {
        #expect(SpoolFilter.text(words) == text)
    }

    @Test(
        "what goes into a URL is encoded",
        arguments: [
            ("abc-._~09", "abc-._~09"), ("state=dead to=hook:*", "state%3Ddead%20to%3Dhook%3A%2A"),
            ("a/b?c#d&e+", "a%2Fb%3Fc%23d%26e%2B"),
            ("ü\n", "%C3%BC%0A"), ("", ""),
        ])
    func percent(text: String, encoded: String) {
        #expect(ControlClient.percentEncoded(text) == encoded)
    }

    @Test("a wrong command line ends with 2, bad input with 1")
    func exitCodes() {
        #expect(CommandError.usage("x", verb: nil).exitCode == .wrongUsage)
        for error in [CommandError.input("x"), .notRunning(socket: "x"), .refused(status: 500, detail: "x")] {
            #expect(error.exitCode == .badInput)
        }
        #expect([ExitCode.good, .badInput, .wrongUsage, .bug].map(\.rawValue) == [0, 1, 2, 70])
    }
}
