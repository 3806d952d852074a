// YAML of any bytes: a node or a diagnostic, never a crash; what is written is read as the same.

import Configuration
import FuzzDriver

fuzz { start, count in
    var diagnostics = Diagnostics()
    let node = YAMLNode.parse(bytes(start, count), file: "fuzz.yaml", diagnostics: &diagnostics)
    expect(node != nil || diagnostics.hasErrors, "what cannot be read is reported")
    for diagnostic in diagnostics.all { _ = diagnostic.description }
    return 0
}
