import Configuration

/// A command line that fits its verb's declaration.
struct ParsedArguments: Sendable {
    private var options: [String: [String]] = [:]
    /// The positional arguments.
    private(set) var positionals: [String] = []
    private let verb: String

    /// Parses what follows the verb: `--name value`, `--name=value`, flags, and after `--` positionals only.
    ///
    /// - Throws: ``CommandError/usage(_:verb:)`` that names the nearest option for one that does not exist.
    init(_ words: [String], for declaration: VerbDeclaration) throws(CommandError) {
        verb = declaration.name
        let known = declaration.options + VerbDeclaration.Option.common
        var rest = words[...]
        var onlyPositionals = false
        while let word = rest.popFirst() {
            if onlyPositionals || word == "-" || !word.hasPrefix("-") {
                positionals.append(word)
            } else if word == "--" {
                onlyPositionals = true
            } else {
                try parse(option: word == "-h" ? "--help" : word, &rest, known)
            }
        }
        if !has("help") { try checkPositionals(declaration) }
    }

    private mutating func parse(
        option word: String, _ rest: inout ArraySlice<String>, _ known: [VerbDeclaration.Option]
    ) throws(CommandError) {
        let parts = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        guard word.hasPrefix("--"), let option = known.first(where: { $0.name == name }) else {
            let near = nearest(to: name, among: known.map(\.name)).map { "; did you mean --\($0)?" } ?? ""
            throw .usage("postroad \(verb): no option \(word)\(near)", verb: verb)
        }
        guard option.isRepeated || options[name] == nil else {
            throw .usage("postroad \(verb): --\(name) is given twice", verb: verb)
        }
        guard option.value != nil else {
            guard parts.count == 1 else { throw .usage("postroad \(verb): --\(name) takes no value", verb: verb) }
            options[name, default: []].append("")
            return
        }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw .usage("postroad \(verb): --\(name) needs a value", verb: verb)
        }
        guard parts.count == 2 || !known.contains(where: { value == "--\($0.name)" }) else {
            throw .usage(
                "postroad \(verb): --\(name) needs a value; if it is \(value), write --\(name)=\(value)", verb: verb)
        }
        options[name, default: []].append(value)
    }

    private func checkPositionals(_ declaration: VerbDeclaration) throws(CommandError) {
        let required = declaration.arguments.filter(\.isRequired)
        if positionals.count < required.count {
            throw .usage("postroad \(verb): \(required[positionals.count].name) is missing", verb: verb)
        }
        let isOpen = declaration.arguments.contains(where: \.isRepeated)
        if !isOpen, positionals.count > declaration.arguments.count {
            let extra = positionals[declaration.arguments.count]
            throw .usage("postroad \(verb): nothing is to be done with \"\(extra)\"", verb: verb)
        }
    }

    /// Tells whether a flag or an option was given.
    func has(_ name: String) -> Bool { options[name] != nil }

    /// The value of an option.
    subscript(name: String) -> String? { options[name]?.last }

    /// All values of an option that can be repeated.
    func all(_ name: String) -> [String] { options[name] ?? [] }

    /// The configuration file.
    var configuration: String { self["config"] ?? "routes.yaml" }

    /// The value of an option that is a number.
    func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(CommandError) -> Int {
        guard let text = self[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw .usage(
                "postroad \(verb): --\(name) takes a number from \(range.lowerBound) to \(range.upperBound)", verb: verb
            )
        }
        return value
    }
}
