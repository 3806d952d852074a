import Testing
import Transport

private enum Action: String, CaseIterable, PathParameter {
    case hold, release, retry
}

@Suite struct PathParameterTests {
    private func ask(_ target: String) async throws -> (HTTPStatus, String) {
        let routes = [
            try HTTPRoute(.get, "/m/{id}/parts/{number}", taking: Int64.self, Int.self) { _, id, number in
                HTTPResponse(.ok, text: "\(id) \(number)")
            },
            try HTTPRoute(.get, "/do/{action}", taking: Action.self) { _, action in
                HTTPResponse(.ok, text: "\(action)")
            },
            try HTTPRoute(.get, "/files/{rest...}", taking: String.self) { _, rest in HTTPResponse(.ok, text: rest) },
            try HTTPRoute(.get, "/port/{port}") { request in
                do throws(PathParameterError) {
                    return HTTPResponse(.ok, text: "\(try request.parameter("port", as: UInt16.self))")
                } catch {
                    return error.response
                }
            },
            try HTTPRoute(.get, "/bug/{a}") { request in
                do throws(PathParameterError) {
                    return HTTPResponse(.ok, text: try request.parameter("b"))
                } catch {
                    return error.response
                }
            },
        ]
        let head = try HTTPRequestHead(method: .get, target: target, remoteAddress: .anyPort)
        let response = await HTTPRouter(routes).respond(to: HTTPRequest(head: head))
        guard case .bytes(let bytes) = response.body else { return (response.status, "") }
        return (response.status, String(decoding: bytes, as: UTF8.self))
    }

    @Test(
        "values of the right form reach the endpoint in their order",
        arguments: [
            ("/m/7/parts/0", "7 0"), ("/m/9223372036854775807/parts/12", "9223372036854775807 12"),
            ("/do/release", "release"), ("/files/a/b%20c", "a/b c"), ("/port/65535", "65535"),
        ])
    func typed(target: String, answer: String) async throws {
        let (status, text) = try await ask(target)
        #expect(status == .ok)
        #expect(text == answer)
    }

    @Test(
        "a text of another form is answered with 400, which says what was expected",
        arguments: [
            ("/m/x/parts/0", "the path's id: expected a whole number from 0 to 9223372036854775807, found \\\"x\\\""),
            ("/m/1/parts/-1", "number"), ("/m/1/parts/+1", "number"), ("/m/1/parts/01", "number"),
            ("/m/1/parts/%D9%A1", "number"), ("/m/9223372036854775808/parts/1", "id"), ("/m/1/parts/1%20", "number"),
            ("/port/65536", "a whole number from 0 to 65535"),
        ])
    func malformed(target: String, words: String) async throws {
        let (status, text) = try await ask(target)
        #expect(status == .badRequest)
        #expect(text.contains(words))
    }

    @Test(
        "a word that is none of an enumeration's is not found, and told which there are", arguments: ["drop", "Hold"])
    func words(word: String) async throws {
        let (status, text) = try await ask("/do/\(word)")
        #expect(status == .notFound)
        #expect(text.contains("expected hold, release or retry, found \\\"\(word)\\\""))
    }

    @Test("a long value is not repeated whole in the answer")
    func long() async throws {
        #expect(try await ask("/do/" + String(repeating: "x", count: 5_000)).1.utf8.count < 400)
    }

    @Test("asking for a parameter that the path lacks is a fault of the server")
    func unknown() async throws {
        #expect(try await ask("/bug/1").0 == .internalServerError)
    }

    @Test("an endpoint takes as many values as its path has parameters")
    func count() {
        #expect(throws: HTTPPatternError.parameterCount(pattern: "/a/{b}", taken: 2)) {
            try HTTPRoute(.get, "/a/{b}", taking: Int.self, Int.self) { _, _, _ in nil }
        }
    }
}
