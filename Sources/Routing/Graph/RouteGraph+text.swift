extension RouteGraph {
    /// The picture in the language of Graphviz.
    public var dot: String {
        var lines = [
            "digraph routes {", "  rankdir=LR;", "  node [fontname=\"sans-serif\", fontsize=11];",
            "  edge [fontname=\"sans-serif\", fontsize=9];",
        ]
        for node in nodes {
            let label = node.lines.map(Self.dotEscaped).joined(separator: "\\n")
            lines.append("  \(node.id) [label=\"\(label)\", \(node.kind.dotStyle)];")
        }
        for edge in edges {
            let style = edge.load.map { load in
                let colour = load.failed > 0 ? ", color=\"#b91c1c\", fontcolor=\"#b91c1c\"" : ""
                return load.messages == 0 ? " [style=dashed, color=\"#9ca3af\"]" : " [label=\"\(load.text)\"\(colour)]"
            }
            lines.append("  \(edge.from) -> \(edge.to)\(style ?? "");")
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// The picture in the language of Mermaid, which Markdown viewers draw.
    public var mermaid: String {
        var lines = ["flowchart LR"]
        for node in nodes {
            let label = node.lines.map(Self.mermaidEscaped).joined(separator: "<br/>")
            let (open, close) = node.kind.mermaidBrackets
            lines.append("  \(node.id)\(open)\"\(label)\"\(close)")
        }
        for edge in edges {
            let way = edge.load.map { $0.messages == 0 ? "-.->" : "-->|\"\($0.text)\"|" } ?? "-->"
            lines.append("  \(edge.from) \(way) \(edge.to)")
        }
        let failing = edges.indices.filter { (edges[$0].load?.failed ?? 0) > 0 }
        if !failing.isEmpty {
            lines.append("  linkStyle \(failing.map(String.init).joined(separator: ",")) stroke:#b91c1c,color:#b91c1c")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Within quotes of the DOT language a quote and a backslash are escaped, and a line has to end otherwise.
    private static func dotEscaped(_ text: String) -> String {
        onOneLine(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// Mermaid knows entities in place of escapes; its labels are HTML.
    private static func mermaidEscaped(_ text: String) -> String {
        onOneLine(text).replacing("&", with: "#amp;").replacing("\"", with: "#quot;")
            .replacing("<", with: "#lt;").replacing(">", with: "#gt;")
    }

    /// The text with a space for each control character and line break.
    private static func onOneLine(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line += " "
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

extension RouteGraph.Node.Kind {
    fileprivate var dotStyle: String {
        switch self {
        case .mailbox: "shape=box, style=filled, fillcolor=\"#dbeafe\""
        case .route: "shape=box, style=\"rounded,filled\", fillcolor=\"#fef3c7\""
        case .rule: "shape=box, style=\"rounded,dashed\""
        case .stages: "shape=note, style=filled, fillcolor=\"#f3f4f6\""
        case .recipient: "shape=box, style=filled, fillcolor=\"#dcfce7\""
        }
    }

    fileprivate var mermaidBrackets: (String, String) {
        switch self {
        case .mailbox, .recipient: ("[", "]")
        case .route, .rule: ("(", ")")
        case .stages: ("[[", "]]")
        }
    }
}
