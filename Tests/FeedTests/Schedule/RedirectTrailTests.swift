import Testing

@testable import Feed

@Suite("Redirections")
struct RedirectTrailTests {
    @Test("permanent redirections move the feed as far as no temporary one comes between")
    func permanent() throws {
        var trail = RedirectTrail(from: "http://a.example/f")
        try trail.follow(status: 301, location: "https://a.example/f")
        try trail.follow(status: 308, location: "/g#top")
        try trail.follow(status: 302, location: "https://b.example/")
        try trail.follow(status: 301, location: "https://c.example/")
        #expect(trail.current == "https://c.example/")
        #expect(trail.permanent == "https://a.example/g")
    }

    @Test(
        "loops, the way back to no encryption, and places that are none are refused",
        arguments: [
            ("https://a.example/f", FetchFault.redirectionLoop(at: "https://a.example/f")),
            ("http://b.example/", .downgrade(from: "https://a.example/f", to: "http://b.example/")),
            ("ftp://b.example/", .badRedirection(from: "https://a.example/f", location: "ftp://b.example/")),
            ("", .badRedirection(from: "https://a.example/f", location: "")),
        ])
    func refused(_ location: String, _ fault: FetchFault) {
        var trail = RedirectTrail(from: "https://a.example/f")
        #expect(throws: fault) { try trail.follow(status: 301, location: location) }
        #expect(trail.current == "https://a.example/f")
    }

    @Test("no more than eight redirections are followed")
    func tooMany() throws {
        var trail = RedirectTrail(from: "https://a.example/0")
        for number in 1...8 { try trail.follow(status: 302, location: "/\(number)") }
        #expect(throws: FetchFault.tooManyRedirections(limit: 8)) { try trail.follow(status: 302, location: "/9") }
    }
}
