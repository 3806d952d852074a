import AdapterKit
import Messages
import Testing
import Transport

@testable import HTTP

@Suite struct SubmissionTests {
    @Test(
        "an idempotency key is taken quoted and bare",
        arguments: [(#""8e03""#, "8e03"), ("8e03", "8e03"), (#" "a\"b\\c" "#, #"a"b\c"#)])
    func keys(header: String, key: String) throws {
        let arrival = try Reading().arrival(
            #"{"text": "x"}"#, ["Content-Type": "application/json", "Idempotency-Key": header])
        #expect(arrival.eventKey == "key ci \(key)")
        #expect(arrival.envelope.idempotencyKey == key)
    }

    @Test(
        "what is no key is refused",
        arguments: ["", #""""#, #""a"#, #""a" "b""#, #""\x""#, String(repeating: "k", count: 256)])
    func badKeys(header: String) throws {
        let problem = try Reading().problem(
            #"{"text": "x"}"#, ["Content-Type": "application/json", "Idempotency-Key": header])
        #expect(problem?.status == 400)
    }

    @Test("the fingerprint tells another body from the same one")
    func fingerprints() throws {
        func fingerprint(_ body: String) throws -> [UInt8]? {
            try Reading().arrival(body, ["Content-Type": "application/json", "Idempotency-Key": "k"]).fingerprint
        }
        #expect(try fingerprint(#"{"text": "x"}"#) == fingerprint(#"{"text": "x"}"#))
        #expect(try fingerprint(#"{"text": "x"}"#) != fingerprint(#"{"text": "y"}"#))
    }

    @Test("two keys that differ are one too many")
    func twoKeys() throws {
        let problem = try Reading().problem(
            #"{"text": "x", "idempotency_key": "a"}"#, ["Content-Type": "application/json", "Idempotency-Key": "b"])
        #expect(problem?.status == 422)
    }

    @Test("two tokens do not share keys")
    func scope() throws {
        let headers: HTTPFields = ["Content-Type": "application/json", "Idempotency-Key": "k"]
        let one = try Reading(name: "ci").arrival(#"{"text": "x"}"#, headers)
        let two = try Reading(name: "cd").arrival(#"{"text": "x"}"#, headers)
        #expect(one.eventKey != two.eventKey)
    }

    @Test("lines make a batch in their order, empty ones are passed over")
    func lines() throws {
        let body = "{\"text\": \"a\"}\r\n\n  \n{\"text\": \"b\", \"idempotency_key\": \"k\"}\n"
        let submission = try Reading().submission(body, ["Content-Type": "application/x-ndjson"])
        #expect(submission.isBatch)
        #expect(submission.arrivals.map(\.envelope.text) == ["a", "b"])
        #expect(submission.arrivals.map(\.eventKey) == [nil, "key ci k"])
    }

    @Test("one bad line keeps all of a batch out, and every bad line is named")
    func badLines() throws {
        let body = "{\"text\": \"a\"}\n{\"txt\": 1}\n{\"text\": \"b\", \"to\": [\"x\"]}"
        let problem = try #require(try Reading().problem(body, ["Content-Type": "application/x-ndjson"]))
        #expect(problem.status == 400)
        #expect(problem.faults.map(\.line) == [2, 3])
        #expect(problem.faults.map(\.pointer) == ["#/txt", "#/to/0"])
        #expect(problem.detail == "2 of 3 messages are wrong, and none was taken")
    }

    @Test("a line that is no JSON is named with its offset")
    func noJSON() throws {
        let problem = try #require(
            try Reading().problem("{\"text\": \"a\"}\n{oops}", ["Content-Type": "application/x-ndjson"]))
        #expect(problem.faults.first?.line == 2)
        #expect(problem.detail.contains("line 2") && problem.detail.contains("offset 1"))
    }

    @Test("a batch has a bound")
    func bound() throws {
        let body = String(repeating: "{\"text\": \"a\"}\n", count: 1_001)
        #expect(try Reading().problem(body, ["Content-Type": "application/x-ndjson"])?.status == 413)
    }

    @Test("one key for a batch is refused, as a second batch may bring other messages")
    func batchKey() throws {
        let headers: HTTPFields = ["Content-Type": "application/x-ndjson", "Idempotency-Key": "k"]
        #expect(try Reading().problem("{\"text\": \"a\"}", headers)?.status == 400)
    }

    @Test(
        "other content types are refused with a word on where they are taken",
        arguments: ["text/plain", "application/x-www-form-urlencoded", "image/png", "multipart/form-data; boundary=a"])
    func otherTypes(type: String) throws {
        let problem = try #require(try Reading().problem("x", ["Content-Type": type]))
        #expect(problem.status == 415 && problem.detail.contains("/in/api/"))
    }

    @Test("another character set or content coding is refused")
    func codings() throws {
        #expect(try Reading().problem("{}", ["Content-Type": "application/json; charset=latin1"])?.status == 415)
        #expect(
            try Reading().problem("{}", ["Content-Type": "application/json", "Content-Encoding": "gzip"])?.status == 415
        )
        #expect(try Reading().problem(#"{"text":"x"}"#, ["Content-Type": "Application/JSON; Charset=\"UTF-8\""]) == nil)
        #expect(try Reading().problem(#"{"text":"x"}"#, [:]) == nil)
    }
}
