// Words, a zero byte, and a text that they are masked in.

import Configuration
import FuzzDriver
import Messages
import Samples
import Stages

fuzz { start, count in
    let fields = bytes(start, count).split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let words = String(decoding: fields[0], as: UTF8.self).split(separator: "\n").prefix(50).map(String.init)
    let text = String(decoding: fields.count > 1 ? fields[1] : [], as: UTF8.self)
    let position = SourcePosition(file: "fuzz.yaml", line: 1, column: 1)
    let list = YAMLNode.Content.sequence(words.map { YAMLNode(.scalar(YAMLScalar($0)), at: position) })
    guard let chain = sampleChain(sampleMapping("words", sampleMapping("list", list).content)) else { return 0 }
    for format in TextFormat.allCases {
        expect(chain.branches(of: text, format).map(\.end) == [.passed], "masking never fails")
    }
    return 0
}
