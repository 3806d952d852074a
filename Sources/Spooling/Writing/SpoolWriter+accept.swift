import Crypto
import Messages
import SQLite

extension SpoolWriter {
    /// Writes a message, its dispatches and its keys, unless its dedupe key is known.
    func accept(_ prepared: PreparedEntry) throws -> SpoolAcceptance {
        let entry = prepared.entry
        if let key = entry.dedupe, let known = try findDuplicate(key, at: entry.accepted) { return known }
        let sequence = lastSequence + 1
        lastSequence = sequence
        try insertMessage(prepared, sequence)
        if let key = entry.dedupe { try insertDedupe(key, prepared.id) }
        if let remoteID = entry.remoteID {
            try insertRemoteID(remoteID, mailbox: entry.envelope.topic.source, sequence, position: -1)
        }
        for digest in prepared.blobs {
            try statements.insertBlob.bind(digest.bytes, at: 1)
            try statements.insertBlob.bind(sequence, at: 2)
            try statements.insertBlob.run()
        }
        let first = DispatchNumber.first(ofSequence: sequence)
        for (position, dispatch) in prepared.dispatches.enumerated() {
            try insertDispatch(dispatch, number: first + Int64(position), of: entry)
        }
        return .accepted(numbers: Array(first..<first + Int64(prepared.dispatches.count)))
    }

    private func findDuplicate(_ key: DedupeKey, at time: Timestamp) throws -> SpoolAcceptance? {
        try statements.findDedupe.bind(key.scope, at: 1)
        try statements.findDedupe.bind(key.key, at: 2)
        try statements.findDedupe.bind(time.milliseconds, at: 3)
        return try statements.findDedupe.firstRow { row in
            // A key without a readable message is still a key: the message was taken once.
            let message = MessageID(bytes: try row.bytes(0)) ?? MessageID(high: 0, low: 0)
            return .duplicate(of: message, hasSameFingerprint: try row.optionalBytes(1) == key.fingerprint)
        }
    }

    private func insertMessage(_ prepared: PreparedEntry, _ sequence: Int64) throws(SQLiteError) {
        try statements.insertMessage.bind(sequence, at: 1)
        try statements.insertMessage.bind(prepared.id, at: 2)
        try statements.insertMessage.bind(prepared.entry.accepted.milliseconds, at: 3)
        try statements.insertMessage.bind(prepared.topic, at: 4)
        try statements.insertMessage.bind(prepared.sender, at: 5)
        try statements.insertMessage.bind(prepared.entry.envelope.subject, at: 6)
        try statements.insertMessage.bind(prepared.parent, at: 7)
        try statements.insertMessage.bind(prepared.envelope, at: 8)
        try statements.insertMessage.bind(prepared.entry.client, at: 9)
        try statements.insertMessage.run()
    }

    private func insertDedupe(_ key: DedupeKey, _ message: [UInt8]) throws(SQLiteError) {
        try statements.insertDedupe.bind(key.scope, at: 1)
        try statements.insertDedupe.bind(key.key, at: 2)
        try statements.insertDedupe.bind(message, at: 3)
        try statements.insertDedupe.bind(key.fingerprint, at: 4)
        try statements.insertDedupe.bind(key.expires.milliseconds, at: 5)
        try statements.insertDedupe.run()
    }

    /// Notes what a platform's id stands for; the newest message of an id counts.
    func insertRemoteID(
        _ remoteID: String, mailbox: String, _ sequence: Int64, position: Int64
    ) throws(SQLiteError) {
        try statements.insertRemoteID.bind(mailbox, at: 1)
        try statements.insertRemoteID.bind(remoteID, at: 2)
        try statements.insertRemoteID.bind(sequence, at: 3)
        try statements.insertRemoteID.bind(position, at: 4)
        try statements.insertRemoteID.run()
    }

    func insertDispatch(_ dispatch: PreparedDispatch, number: Int64, of entry: SpoolEntry) throws {
        let draft = dispatch.draft
        try statements.insertDispatch.bind(number, at: 1)
        let lane = try lane(dispatch.recipient)
        try statements.insertDispatch.bind(lane, at: 2)
        try statements.insertDispatch.bind(draft.state.code, at: 3)
        let queue = DispatchQueue(draft.state, due: draft.due, at: entry.accepted)
        try statements.insertDispatch.bind(queue?.rawValue, at: 4)
        try statements.insertDispatch.bind(draft.due.milliseconds, at: 5)
        try statements.insertDispatch.bind(dispatch.thread, at: 6)
        try statements.insertDispatch.bind(try route(draft.route), at: 7)
        try statements.insertDispatch.bind(draft.reason, at: 8)
        try statements.insertDispatch.bind(draft.state.isSettled ? entry.accepted.milliseconds : nil, at: 9)
        try statements.insertDispatch.bind(Int64(dispatch.priority.rank), at: 10)
        try statements.insertDispatch.bind(dispatch.expires?.milliseconds, at: 11)
        try statements.insertDispatch.bind(draft.nextStage.map(Int64.init), at: 12)
        try statements.insertDispatch.run()
        count(from: nil, to: draft.state)
        if dispatch.envelope != nil || dispatch.steps != nil {
            try statements.insertDetails.bind(number, at: 1)
            try statements.insertDetails.bind(dispatch.envelope, at: 2)
            try statements.insertDetails.bind(dispatch.steps, at: 3)
            try statements.insertDetails.run()
        }
        let isHeld = draft.state == .held && dispatch.thread != nil
        guard draft.state == .waiting || isHeld else { return }
        announce(
            SpooledDispatch(
                number: number, envelope: draft.envelope ?? entry.envelope, recipient: draft.recipient,
                lane: LaneID(lane), due: draft.due, accepted: entry.accepted, attempts: 0, priority: dispatch.priority,
                expires: dispatch.expires, nextStage: draft.nextStage, isHeld: isHeld))
    }
}
