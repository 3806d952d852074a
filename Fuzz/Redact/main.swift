// A text that is redacted, as plain text, Markdown and HTML.

import FuzzDriver
import Messages
import Samples
import Stages

enum Sample {
    static let chain = sampleChain("{redact: [secrets, cards, emails, ibans, phones]}")
}

fuzz { start, count in
    let text = String(decoding: bytes(start, count), as: UTF8.self)
    for format in TextFormat.allCases {
        let branch = Sample.chain?.branches(of: text, format).first
        expect(branch?.end == .passed, "redacting never fails")
        if format != .html { expect(branch?.envelope.text.isEmpty == text.isEmpty, "a text stays a text") }
    }
    return 0
}
