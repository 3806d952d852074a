// A JSON path, a zero byte, and JSON that it is followed in.

import Configuration
import FuzzDriver
import Messages
import Samples
import Stages

fuzz { start, count in
    let fields = bytes(start, count).split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let path = YAMLNode.Content.scalar(YAMLScalar(String(decoding: fields[0], as: UTF8.self)))
    let via = sampleMapping("extract", sampleMapping("json", sampleMapping("found", path).content).content)
    let text = String(decoding: fields.count > 1 ? fields[1] : [], as: UTF8.self)
    _ = sampleChain(via)?.branches(of: text, .plain)
    return 0
}
