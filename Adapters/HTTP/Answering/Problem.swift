import Messages

/// Why a request is not taken, as RFC 9457 tells it.
struct Problem: Error, Sendable, Hashable {
    /// One thing that is wrong.
    struct Fault: Sendable, Hashable {
        /// The line of a batch of lines, 1 for the first.
        var line: Int?
        /// Where in the JSON, as a fragment that holds a JSON Pointer (RFC 6901 §6): `#/parts/2/type`.
        var pointer: String?
        /// What is wrong, and what was expected.
        var detail: String
    }

    /// The most faults that an answer lists.
    static let maximumFaults = 20

    /// The HTTP status.
    let status: Int
    /// What is wrong, for a person.
    let detail: String
    /// What is wrong, one by one.
    var faults: [Fault] = []
    /// When to try again.
    var retryAfter: Duration?

    init(_ status: Int, _ detail: String, faults: [Fault] = [], retryAfter: Duration? = nil) {
        self.status = status
        self.detail = detail
        self.faults = faults
        self.retryAfter = retryAfter
    }

    /// A problem with one field.
    init(_ status: Int, pointer: String, _ detail: String) {
        self.init(status, detail, faults: [Fault(pointer: pointer, detail: detail)])
    }

    /// The status in words (RFC 9110 §15): with the type `about:blank` the title says no more (RFC 9457 §4.2.1).
    var title: String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 503: "Service Unavailable"
        case 507: "Insufficient Storage"
        default: "Internal Server Error"
        }
    }

    /// The whole seconds to wait, rounded up: a client must not come too early.
    var retryAfterSeconds: Int64? {
        retryAfter.map { max(1, ($0.milliseconds + 999) / 1_000) }
    }

    /// The problem as `application/problem+json`.
    func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("title")
        writer.string(title)
        writer.name("status")
        writer.integer(Int64(status))
        writer.name("detail")
        writer.string(detail)
        if !faults.isEmpty {
            writer.name("errors")
            writer.beginArray()
            for fault in faults.prefix(Self.maximumFaults) { write(fault, to: &writer) }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }

    private func write(_ fault: Fault, to writer: inout JSONWriter) {
        writer.beginObject()
        if let line = fault.line {
            writer.name("line")
            writer.integer(Int64(line))
        }
        if let pointer = fault.pointer {
            writer.name("pointer")
            writer.string(pointer)
        }
        writer.name("detail")
        writer.string(fault.detail)
        writer.endObject()
    }
}
