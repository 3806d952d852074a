import AdapterKit
import Messages
import Transport

/// Writes answers.
enum Answer {
    /// What became of the messages: 202, as they are on their way and not yet there.
    static func accepted(_ acceptances: [Acceptance], isBatch: Bool) -> HTTPResponse {
        var writer = JSONWriter(capacity: 64 + acceptances.count * 256)
        if isBatch { writer.beginArray() }
        for acceptance in acceptances { write(acceptance, to: &writer) }
        if isBatch { writer.endArray() }
        return HTTPResponse(.accepted, type: "application/json", body: writer.bytes)
    }

    /// Why the messages were not taken.
    static func refused(_ problem: Problem) -> HTTPResponse {
        var response = HTTPResponse(
            HTTPStatus(rawValue: problem.status), type: "application/problem+json", body: problem.encoded())
        if problem.status == 401 { response.headers.add("WWW-Authenticate", "Bearer realm=\"postroad\"") }
        if let seconds = problem.retryAfterSeconds { response.headers.add("Retry-After", String(seconds)) }
        return response
    }

    private static func write(_ acceptance: Acceptance, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("id")
        writer.string(acceptance.id.description)
        writer.name("dispatches")
        writer.beginArray()
        for recipient in acceptance.recipients {
            writer.beginObject()
            writer.name("number")
            writer.integer(recipient.dispatch)
            writer.name("to")
            writer.string(recipient.address.description)
            writer.name("route")
            writer.string(recipient.route)
            writer.endObject()
        }
        writer.endArray()
        writer.name("duplicate")
        writer.value(.bool(acceptance.isDuplicate))
        writer.endObject()
    }
}
