// A condition, a zero byte, and a text that it is held against.

import Conditions
import Configuration
import FuzzDriver
import Samples

fuzz { start, count in
    let parts = bytes(start, count).split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    var diagnostics = Diagnostics()
    guard let node = YAMLNode.parse(parts[0], file: "fuzz.yaml", diagnostics: &diagnostics),
        let condition = Condition(node, diagnostics: &diagnostics)
    else {
        expect(diagnostics.hasErrors, "what cannot be compiled is reported")
        return 0
    }
    let envelope = sampleEnvelope(text: String(decoding: parts.count > 1 ? parts[1] : [], as: UTF8.self))
    let outcome = condition.outcome(for: envelope)
    expect(condition.evaluate(envelope).outcome == outcome, "the explanation says what the condition did")
    return 0
}
