// A limit and a unit, a byte each, and Markdown that is split.

import FuzzDriver
import Messages
import Samples
import Stages

func size(_ text: String, _ unit: UInt8) -> Int {
    unit == 0 ? text.count : unit == 1 ? text.utf16.count : text.utf8.count
}

fuzz { start, count in
    let input = bytes(start, count)
    guard input.count > 2 else { return 0 }
    let (limit, unit) = (40 + Int(input[0]), input[1] % 3)
    let name = unit == 0 ? "characters" : unit == 1 ? "utf16" : "bytes"
    guard let chain = sampleChain("{split: {length: \(limit), unit: \(name), numbered: \(input[1] > 127)}}") else {
        expect(false, "the settings are sound")
        return 0
    }
    let branches = chain.branches(of: String(decoding: input[2...], as: UTF8.self), .markdown)
    for branch in branches where branch.end == .passed {
        expect(size(branch.envelope.text, unit) <= limit, "no piece is longer than the limit")
    }
    return 0
}
