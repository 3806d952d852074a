import AdapterKit
import Configuration
import Gateway
import Messages
import Spooling
import Testing
import Transport

@testable import postroad

@Suite struct OpenAPITests {
    /// Endpoints that only answer what others on their path have passed on.
    private static let lastResorts: Set = ["POST /{version}/messages", "GET /inbox/api/{end}"]

    @Test("every endpoint is described, and nothing that does not exist")
    func endpoints() async throws {
        let described = Set(try OpenAPIDocument().operations.keys)
        try await RunningRouter.run(others: ", work: {adapter: pull}") { router in
            let adapters = await router.router.mailboxes.adapters.compactMap { $0 as? any EndpointProviding }
            let routes = try router.control.routes() + adapters.flatMap(\.endpoints)
            let served = Set(routes.map(Self.operation)).subtracting(Self.lastResorts)
            #expect(served.subtracting(described) == [], "not described")
            #expect(described.subtracting(served) == [], "not served")
        }
    }

    @Test("the file is of this version")
    func version() throws {
        #expect(try OpenAPIDocument().version == Postroad.version)
    }

    @Test("every adapter that answers HTTP is in the router of these tests")
    func adapters() async throws {
        let types = BuiltInAdapters.registry.names.filter { BuiltInAdapters.registry[$0] is any EndpointProviding.Type }
        #expect(types == ["http", "inbox", "pull"])
    }

    @Test("what is for operators only is told so, and nothing else")
    func operators() throws {
        let operations = try OpenAPIDocument().operations
        for (name, operation) in operations where name.contains(" /v1/") && name != "POST /v1/messages" {
            #expect(operation["tags"]?.sequence?.first?.scalar?.text == Self.audience(of: name), "\(name)")
            #expect(operation["responses"]?["403"] != nil, "\(name)")
        }
    }

    private static func audience(of name: String) -> String {
        if ["GET /v1/messages/{id}/trace", "GET /v1/messages"].contains(name) { return "reading" }
        return name.contains("/v1/mailboxes/{address}/messages") ? "messages" : "operators"
    }

    @Test("the fields of an envelope are those of the code, in its order")
    func envelope() throws {
        let document = try OpenAPIDocument()
        #expect(try document.schema("Envelope")["properties"]?.mapping?.keys == Envelope.fieldNames)
        let input = Set(try document.schema("EnvelopeInput")["properties"]?.mapping?.keys ?? [])
        let decided: Set = ["id", "root", "depth", "received"]
        #expect(input == Set(Envelope.fieldNames).subtracting(decided).union(["text", "markdown", "html", "class"]))
    }

    @Test("the words that a field can have are those of the code")
    func enumerations() throws {
        let document = try OpenAPIDocument()
        for schema in ["Envelope", "EnvelopeInput"] {
            #expect(try document.values(schema, "kind") == MessageKind.allCases.map(\.rawValue))
            #expect(try document.values(schema, "priority") == Priority.allCases.map(\.rawValue))
        }
        #expect(try document.values("Part", "type") == PartType.allCases.map(\.rawValue))
        #expect(try document.values("Part", "format") == TextFormat.allCases.map(\.rawValue))
        #expect(try document.values("Dispatch", "state") == DispatchState.allCases.map(\.rawValue))
    }

    @Test("every reference leads somewhere, and every operation has an id of its own")
    func references() throws {
        let document = try OpenAPIDocument()
        #expect(document.deadReferences == [])
        let ids = document.operations.values.compactMap { $0["operationId"]?.scalar?.text }
        #expect(ids.count == document.operations.count)
        #expect(Set(ids).count == ids.count)
    }

    @Test("what the router answers is what the file says, field by field")
    func answers() async throws {
        let document = try OpenAPIDocument()
        try await RunningRouter.run { router in
            let sent = await router.postroad("send", "--to", "inbox:me", "--subject", "Hello", "--json", "hi")
            #expect(document.faults(of: try sent.json(), try document.schema("Acceptance")) == [])
            let id = try #require(try sent.json()["id"]?.string)
            _ = try await router.postroad("spool", "list", "state=delivered", until: "Hello")
            _ = await router.postroad("mailboxes", "pause", "inbox")
            _ = await router.postroad("send", "--to", "inbox:me", "--json", "wait")
            let copy = try await router.get("/inbox/api/messages")["messages"]?.array?.first?["id"]?.string ?? ""
            for (path, operation) in [
                ("/v1/messages/\(id)/trace", "GET /v1/messages/{id}/trace"), ("/v1/status", "GET /v1/status"),
                ("/v1/spool", "GET /v1/spool"), ("/v1/mailboxes", "GET /v1/mailboxes"),
                ("/inbox/api/mailboxes", "GET /inbox/api/mailboxes"),
                ("/inbox/api/messages", "GET /inbox/api/messages"),
                ("/inbox/api/messages/\(copy)", "GET /inbox/api/messages/{id}"),
            ] {
                let answer = try await router.get(path)
                #expect(document.faults(of: answer, try document.answer(of: operation)) == [], "\(operation)")
            }
        }
    }

    @Test("a value that does not fit its schema is found")
    func comparison() throws {
        let document = try OpenAPIDocument()
        let schema = try document.schema("Acceptance")
        let wrong: JSON = ["id": 7, "dispatches": [["number": "x", "to": "a:b"]], "more": true]
        #expect(
            document.faults(of: wrong, schema) == [
                ".id is 7", ".dispatches[].number is \"x\"", ".dispatches[].route is missing",
                ".more is not in the file",
            ])
    }

    /// The method and the path as OpenAPI writes them: the mailbox is a parameter there, the rest of a path too.
    private static func operation(_ route: HTTPRoute) -> String {
        let path = route.pattern.description.replacing("...}", with: "}").replacing("/in/api/", with: "/in/{mailbox}/")
        return "\(route.method.rawValue) \(path)"
    }
}
