// Words, a zero byte, and a text that they are masked in.

import Configuration
import FuzzDriver
import Messages
import Samples
import Stages

fuzz { start, count in
    let fields = bytes(start, count).split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let words = String(decoding: fields[0], as: UTF8.self).split(separator: "\n").prefix(50)
    let text = String(decoding: fields.count > 1 ? fields[1] : [], as: UTF8.self)
    let position = SourcePosition(file: "fuzz.yaml", line: 1, column: 1)
    func node(_ key: String, _ content: YAMLNode.Content) -> YAMLNode {
        let entry = YAMLMapping.Entry(key: key, keyPosition: position, value: YAMLNode(content, at: position))
        return YAMLNode(.mapping(YAMLMapping([entry])), at: position)
    }
    let list = node("list", .sequence(words.map { YAMLNode(.scalar(YAMLScalar(String($0))), at: position) }))
    let via = node("words", list.content)
    var diagnostics = Diagnostics()
    var names = NamedStages(
        YAMLNode(.mapping(YAMLMapping()), at: position), at: NodePath(), registry: .standard, diagnostics: &diagnostics)
    let chain = names.chain(via, at: NodePath(), diagnostics: &diagnostics)
    let context = StageContext(now: Timestamp(seconds: 1_700_000_000), router: "hq.example")
    let envelope = sampleEnvelope(text: text)
    let branches = chain.run(envelope, context: context).branches
    expect(branches.count == 1, "a message stays one message")
    if words.isEmpty { expect(branches.first?.envelope == envelope, "without words nothing changes") }
    return 0
}
