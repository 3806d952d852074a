import Configuration

/// What is wrong with a template, and where: `offset` counts Unicode scalars from the start of the text.
struct TemplateFault: Error, Hashable {
    var offset: Int
    var message: String
    var suggestion: String?
}

/// Parses a template; every fault is collected, and the rest is read on.
struct TemplateReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var pieces: [Template.Piece] = []
    private(set) var faults: [TemplateFault] = []

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// Reads the whole text; only sound when there are no faults.
    mutating func template() -> Template {
        var literal = String.UnicodeScalarView()
        while position < scalars.count {
            guard isAt("{{") else {
                literal.append(scalars[position])
                position += 1
                continue
            }
            do {
                let piece = try expression()
                if case .literal(let text) = piece {
                    literal += text.unicodeScalars
                } else {
                    if !literal.isEmpty { pieces.append(.literal(String(literal))) }
                    literal = String.UnicodeScalarView()
                    pieces.append(piece)
                }
            } catch {
                faults.append(error)
                skipExpression()
            }
        }
        if !literal.isEmpty { pieces.append(.literal(String(literal))) }
        return Template(pieces: pieces)
    }

    private mutating func expression() throws(TemplateFault) -> Template.Piece {
        let start = position
        position += 2
        skipSpace()
        let place = position
        if let text = try quotedText() {
            try end(from: start)
            return .literal(text)
        }
        let name = word { $0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0) }
        guard !name.isEmpty else {
            guard isAt("}}") || position >= scalars.count else {
                throw fault(place, "expected the name of a variable, as in {{subject}}")
            }
            try end(from: start)
            throw fault(start, "expected the name of a variable between {{ and }}; write {{\"{{\"}} for braces")
        }
        guard let variable = TemplateVariable(parsing: name) else { throw Self.unknown(variable: name, at: place) }
        var filters: [TemplateFilter] = []
        skipSpace()
        while isAt("|") {
            position += 1
            filters.append(try filter(of: variable))
            skipSpace()
        }
        try end(from: start)
        return .variable(variable, filters: filters)
    }

    private mutating func end(from start: Int) throws(TemplateFault) {
        skipSpace()
        if isAt("}}") {
            position += 2
        } else if position >= scalars.count || !hasEnd {
            throw fault(start, "the braces {{ are not closed; expected }}")
        } else {
            throw fault(position, "expected | or }} here")
        }
    }

    // MARK: Filters

    private mutating func filter(of variable: TemplateVariable) throws(TemplateFault) -> TemplateFilter {
        skipSpace()
        let place = position
        let name = word { $0.properties.isAlphabetic || $0 == "_" }
        let argumentPlace = position + 1
        var argument: String?
        if isAt(":") {
            position += 1
            skipSpace()
            argument = try quotedText() ?? word { !$0.properties.isWhitespace && $0 != "|" && $0 != "}" }
        }
        switch (name, argument) {
        case ("upper", nil): return .upper
        case ("lower", nil): return .lower
        case ("trim", nil): return .trim
        case ("upper", _), ("lower", _), ("trim", _): throw fault(argumentPlace, "the filter \(name) takes no argument")
        case ("default", let text?): return .fallback(text)
        case ("truncate", let text?):
            guard let length = Int(text), (1...100_000).contains(length) else {
                throw fault(argumentPlace, "the filter truncate takes a number of characters from 1 to 100000")
            }
            return .truncate(length)
        case ("date", let text?): return try date(text, of: variable, at: argumentPlace)
        case ("default", nil), ("truncate", nil), ("date", nil):
            let example = TemplateFilter.declared.first { $0.name == name }?.example ?? name
            throw fault(place, "the filter \(name) needs an argument, as in \(example)")
        default: throw Self.unknown(filter: name, at: place)
        }
    }

    private func date(_ text: String, of variable: TemplateVariable, at place: Int) throws(TemplateFault)
        -> TemplateFilter
    {
        guard variable.mayBeTime else {
            throw fault(place, "this variable holds no time; date goes with time, meta and headers")
        }
        do {
            return .date(try TimeFormat(parsing: text))
        } catch {
            throw fault(place, "date does not know \(ShownText.quoted(error.text))")
        }
    }

    // MARK: Unknown words

    private static func unknown(variable name: String, at place: Int) -> TemplateFault {
        if name == "meta" || name == "headers" || name.hasPrefix("meta.") || name == "headers." {
            let family = name.prefix { $0 != "." }
            return TemplateFault(offset: place, message: "\(family) needs a name after it, as in {{\(family).channel}}")
        }
        return TemplateFault(
            offset: place, message: "no variable named \(ShownText.quoted(name)) is known",
            suggestion: nearest(to: name, among: TemplateVariable.named.map(\.name) + nearFamily(name)))
    }

    /// `mata.x` was meant as `meta.x`.
    private static func nearFamily(_ name: String) -> [String] {
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return [] }
        return ["meta" + name[dot...], "headers" + name[dot...]]
    }

    private static func unknown(filter name: String, at place: Int) -> TemplateFault {
        guard !name.isEmpty else {
            return TemplateFault(offset: place, message: "expected the name of a filter after |")
        }
        return TemplateFault(
            offset: place, message: "no filter named \(ShownText.quoted(name)) is known",
            suggestion: nearest(to: name, among: TemplateFilter.declared.map(\.name)))
    }

    // MARK: Scalars

    private func fault(_ offset: Int, _ message: String) -> TemplateFault {
        TemplateFault(offset: offset, message: message)
    }

    private func isAt(_ text: String) -> Bool {
        scalars[position...].starts(with: text.unicodeScalars)
    }

    /// Whether the braces are closed before others are opened.
    private var hasEnd: Bool {
        var index = position
        while index + 1 < scalars.count {
            if scalars[index] == "}", scalars[index + 1] == "}" { return true }
            if scalars[index] == "{", scalars[index + 1] == "{" { return false }
            index += 1
        }
        return false
    }

    private mutating func skipSpace() {
        while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
    }

    /// Goes behind the end of a faulty expression, or to the next one when it has no end.
    private mutating func skipExpression() {
        while position < scalars.count, !isAt("}}"), !isAt("{{") { position += 1 }
        if isAt("}}") { position += 2 }
    }

    private mutating func word(while isPart: (Unicode.Scalar) -> Bool) -> String {
        var word = String.UnicodeScalarView()
        while position < scalars.count, isPart(scalars[position]) {
            word.append(scalars[position])
            position += 1
        }
        return String(word)
    }

    /// A text in single or double quotes, in which `\` takes the next character as it is; `nil` when none begins here.
    private mutating func quotedText() throws(TemplateFault) -> String? {
        guard position < scalars.count, scalars[position] == "\"" || scalars[position] == "'" else { return nil }
        let (start, quote) = (position, scalars[position])
        var text = String.UnicodeScalarView()
        position += 1
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if scalar == quote { return String(text) }
            if scalar == "\\", position < scalars.count {
                text.append(scalars[position])
                position += 1
            } else {
                text.append(scalar)
            }
        }
        throw fault(start, "the quote is not closed")
    }
}
