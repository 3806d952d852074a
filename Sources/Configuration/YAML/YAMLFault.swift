/// What can be wrong with a file as YAML.
enum YAMLFault {
    case tooLarge(bytes: Int, limit: Int)
    case notUTF8
    case syntax(problem: String, context: String?, at: SyntaxSpot)
    case severalDocuments
    case tooDeep(limit: Int)
    case tooManyNodes(limit: Int)
    case unknownAnchor(String)
    case aliasInsideItself(String)
    case duplicateKey(String, first: SourcePosition)
    case keyIsNoScalar
    case mergeKey
    case unknownTag(String)
    case tagMismatch(tag: String, got: String)
}

/// What stands at a syntax fault, for hints.
struct SyntaxSpot {
    var character: Character?
    /// Whether nothing but white space stands before it in its line, a tab among it.
    var isAfterTabIndent: Bool
}

extension YAMLFault {
    /// Whether the fault is in how lists and mappings stand in one another.
    var isStructural: Bool {
        switch self {
        case .tooLarge, .notUTF8, .syntax, .severalDocuments, .tooDeep, .tooManyNodes: true
        case .unknownAnchor, .aliasInsideItself, .duplicateKey, .keyIsNoScalar, .mergeKey, .unknownTag, .tagMismatch:
            false
        }
    }

    /// What is wrong and what to do.
    var message: String {
        switch self {
        case .tooLarge(let bytes, let limit):
            "the file has \(bytes) bytes, and \(limit) is the most; split it with include"
        case .notUTF8: "this byte is not UTF-8; save the file as UTF-8"
        case .syntax(let problem, let context, let spot): Self.syntax(problem, context, spot)
        case .severalDocuments: "a second document begins here; one file holds one document, so remove the line \"---\""
        case .tooDeep(let limit): "lists and mappings stand more than \(limit) deep in one another"
        case .tooManyNodes(let limit): "the file grows to more than \(limit) values; its aliases repeat too much"
        case .unknownAnchor(let name):
            "no anchor &\(printable(name)) stands before this; put a text that begins with * in quotes"
        case .aliasInsideItself(let name): "the alias *\(printable(name)) stands inside what it names"
        case .duplicateKey(let key, let first): "the key \(quoted(key)) stands here twice, first at \(first)"
        case .keyIsNoScalar:
            "a key must be a plain text, not a list or mapping; put a text that begins with [ or { in quotes"
        case .mergeKey: "the merge key << is no part of YAML 1.2; name the keys, or use an alias for the whole value"
        case .unknownTag(let tag): "the tag \(printable(tag)) is unknown; remove it"
        case .tagMismatch(let tag, let got): "the tag \(printable(tag)) does not fit \(got)"
        }
    }

    private static func syntax(_ problem: String, _ context: String?, _ spot: SyntaxSpot) -> String {
        let text = "this is no YAML: \(problem)" + (context.map { " \($0)" } ?? "")
        return hint(problem, context, spot).map { "\(text); \($0)" } ?? text
    }

    private static func hint(_ problem: String, _ context: String?, _ spot: SyntaxSpot) -> String? {
        if spot.isAfterTabIndent || spot.character == "\t" { return "indent with spaces, not tabs" }
        if context?.contains("alias") == true || context?.contains("anchor") == true {
            return "put a text that begins with * or & in quotes"
        }
        if problem.contains("mapping values are not allowed") { return "put a text with \": \" in it in quotes" }
        if problem.contains("cannot start any token") { return "put a text that begins with this character in quotes" }
        if problem.contains("control characters") { return "remove the control character" }
        if context?.contains("quoted scalar") == true { return "look for a quote that is not closed" }
        if context?.contains("flow") == true { return "look for a bracket or brace that is not closed" }
        if context?.contains("block") == true { return "look at the indentation" }
        return nil
    }
}
