// A mail whose quotes are stripped, as plain text, Markdown and HTML.

import FuzzDriver
import Messages
import Samples
import Stages

enum Sample {
    static let chain = sampleChain("strip_quotes")
}

fuzz { start, count in
    let text = String(decoding: bytes(start, count), as: UTF8.self)
    for format in TextFormat.allCases {
        let stripped = Sample.chain?.branches(of: text, format).first?.envelope.text ?? ""
        guard format != .html else { continue }
        expect(stripped.allSatisfy(\.isWhitespace) == text.allSatisfy(\.isWhitespace), "something is left")
    }
    return 0
}
