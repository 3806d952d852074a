// JSON and envelopes: what is read is written, and read again as the same.

import FuzzDriver
import Messages

fuzz { start, count in
    let bytes = bytes(start, count)
    guard let json = try? JSON(parsing: bytes) else { return 0 }
    expect((try? JSON(parsing: json.encoded())) == json, "JSON is read as it was written")
    expect((try? JSON(parsing: json.indented())) == json, "indented JSON is read as it was written")
    do throws(MessageError) {
        let envelope = try Envelope(json)
        expect((try? Envelope(parsing: envelope.encoded())) == envelope, "an envelope is read as it was written")
    } catch {
        expect(error.description.utf8.count < 4_096, "an error is a line")
    }
    return 0
}
