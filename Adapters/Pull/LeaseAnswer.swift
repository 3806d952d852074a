import Messages

/// Writes what programs get; envelopes go out as they lie in the spool.
struct LeaseAnswer: ~Copyable {
    private var bytes: [UInt8] = []
    private var isFirst = true

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
        bytes.append(contentsOf: #"{"messages":["#.utf8)
    }

    /// Adds a dispatch.
    mutating func add(_ dispatch: LeasedDispatch, envelope: [UInt8], until: Timestamp) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(contentsOf: #"{"lease":""#.utf8)
        bytes.append(contentsOf: dispatch.lease.description.utf8)
        bytes.append(contentsOf: #"","until":""#.utf8)
        bytes.append(contentsOf: until.description.utf8)
        bytes.append(contentsOf: #"","attempt":"#.utf8)
        bytes.append(contentsOf: String(dispatch.lease.attempt).utf8)
        bytes.append(contentsOf: #","idempotency_key":""#.utf8)
        bytes.append(contentsOf: dispatch.idempotencyKey.utf8)
        bytes.append(contentsOf: #"","message":"#.utf8)
        bytes.append(contentsOf: envelope)
        bytes.append(UInt8(ascii: "}"))
    }

    /// The whole answer.
    consuming func finished() -> [UInt8] {
        bytes.append(contentsOf: "]}".utf8)
        return bytes
    }

    /// How many leases held, and those that did not.
    static func settled(_ leases: [Lease], _ held: [Bool]) -> [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.beginObject()
        writer.name("settled")
        writer.integer(Int64(held.count(where: { $0 })))
        writer.name("lost")
        writer.beginArray()
        for (lease, isHeld) in zip(leases, held) where !isHeld { writer.string(lease.description) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
