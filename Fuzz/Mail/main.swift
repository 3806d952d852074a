// A mail of any bytes: an envelope that can be written and read, or why it cannot be taken.

import Email
import FuzzDriver
import Messages

fuzz { start, count in
    let facts = MailFacts(mailbox: "mail", class: "support", receivedAt: Timestamp(seconds: 1_700_000_000))
    let id = MessageID(high: 0x018B_CFE5_6800_7000, low: 0x8000_0000_0000_0000)
    guard let mail = try? MailEnvelope(parsing: bytes(start, count), facts: facts, id: id) else { return 0 }
    let written = mail.envelope.encoded()
    expect((try? Envelope(parsing: written)) == mail.envelope, "the envelope of a mail is read as it was written")
    return 0
}
