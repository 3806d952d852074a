/// Fills `${NAME}` and `${NAME:-default}` into a scalar's text; `$${` stands for `${` itself.
///
/// Only scalars are filled in, after the file was read: a value can hold colons, quotes and line breaks and changes no
/// structure. It is not looked at again for further `${`. A plain scalar gets its type from the filled-in text.
struct FillIn {
    /// What a text turned into, or what was wrong with it.
    enum Piece {
        case text(String)
        /// The value of a variable.
        case value(String)
        /// A fault, and at which `${` of the text it is, counted from 0.
        case fault(FillInFault, marker: Int)
    }

    let environment: [String: String]

    /// Fills in one text; `nil` if there is nothing to fill in.
    func pieces(of text: String) -> [Piece]? {
        guard text.contains("${") else { return nil }
        var (pieces, marker, rest) = ([Piece](), 0, Substring(text))
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            if before.last == "$" {
                pieces.append(.text(before.dropLast() + "${"))
            } else {
                pieces.append(.text(String(before)))
                pieces.append(variable(&rest, marker))
            }
            marker += 1
        }
        return pieces + [.text(String(rest))]
    }

    private func variable(_ rest: inout Substring, _ marker: Int) -> Piece {
        guard let end = rest.firstIndex(of: "}") else {
            rest = ""
            return .fault(.notClosed, marker: marker)
        }
        let inside = rest[..<end]
        rest = rest[rest.index(after: end)...]
        let name = inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let tail = inside.dropFirst(name.count)
        guard let first = name.first, !first.isNumber, tail.isEmpty || tail.hasPrefix(":-") else {
            return .fault(.badName(String(inside)), marker: marker)
        }
        if let value = environment[String(name)], tail.isEmpty || !value.isEmpty { return .value(value) }
        guard tail.isEmpty else { return .value(String(tail.dropFirst(2))) }
        let suggestion = nearest(to: String(name), among: environment.keys.sorted())
        return .fault(.unset(String(name), suggestion: suggestion), marker: marker)
    }
}

/// What can be wrong with a `${…}` or `{file: …}`.
enum FillInFault {
    case notClosed
    case badName(String)
    case unset(String, suggestion: String?)
    case notText(path: String)
    case empty(path: String)

    /// What is wrong, and what to do.
    var message: String {
        switch self {
        case .notClosed: "the brace of ${ is not closed; write $${ for ${ itself"
        case .badName(let name):
            "\(quoted(name)) is no variable; write ${NAME}, ${NAME:-default}, or $${ for ${ itself"
        case .unset(let name, _): "the environment variable \(name) is not set; set it, or write ${\(name):-default}"
        case .notText(let path): "the file \(quoted(path)) is not UTF-8 text"
        case .empty(let path): "the file \(quoted(path)) is empty"
        }
    }

    /// The variable that was probably meant.
    var suggestion: String? {
        if case .unset(_, let suggestion) = self { suggestion } else { nil }
    }
}
