// A template, a zero byte, and a text that is put into it.

import Configuration
import FuzzDriver
import Messages
import Samples
import Stages

fuzz { start, count in
    let parts = bytes(start, count).split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let text = String(decoding: parts[0], as: UTF8.self)
    var diagnostics = Diagnostics()
    let node = YAMLNode(.scalar(YAMLScalar(text)), at: SourcePosition(file: "fuzz.yaml", line: 1, column: 1))
    guard let template = Template.parse(text, node: node, at: NodePath(), diagnostics: &diagnostics) else {
        expect(diagnostics.hasErrors, "what cannot be parsed is reported")
        for diagnostic in diagnostics.all { _ = diagnostic.description }
        return 0
    }
    let envelope = sampleEnvelope(text: String(decoding: parts.count > 1 ? parts[1] : [], as: UTF8.self))
    let context = StageContext(now: Timestamp(seconds: 1_700_000_000), router: "hq.example")
    _ = try? template.render(envelope, context: context)
    return 0
}
