/// What is wrong with a path, and where: `offset` counts Unicode scalars from its start.
struct JSONPathFault: Error, Hashable {
    var offset: Int
    var message: String
}

extension JSONPath {
    /// The most bytes of a path, and the most steps.
    static let (textLimit, stepLimit) = (1_000, 32)

    /// Parses a path such as `$.issue.labels[0].name`.
    init(parsing text: String) throws(JSONPathFault) {
        guard text.utf8.count <= Self.textLimit else {
            throw JSONPathFault(offset: 0, message: "it is longer than \(Self.textLimit) bytes")
        }
        var reader = JSONPathReader(text)
        steps = try reader.steps()
    }
}

/// Reads a path (RFC 9535 §2).
private struct JSONPathReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func steps() throws(JSONPathFault) -> [JSONPath.Step] {
        guard take("$") else { throw fault("it begins with $, which is the whole value") }
        var steps: [JSONPath.Step] = []
        while next != nil {
            guard steps.count < JSONPath.stepLimit else { throw fault("it has more than \(JSONPath.stepLimit) steps") }
            steps.append(try step())
        }
        return steps
    }

    private mutating func step() throws(JSONPathFault) -> JSONPath.Step {
        if next == "[" { return JSONPath.Step(selectors: try brackets()) }
        guard take(".") else { throw fault("expected . or [ here") }
        let isDeep = take(".")
        if isDeep, next == "[" { return JSONPath.Step(selectors: try brackets(), isDeep: true) }
        if take("*") { return JSONPath.Step(selectors: [.all], isDeep: isDeep) }
        var name = String.UnicodeScalarView()
        while let scalar = next,
            scalar.properties.isAlphabetic || "_-".unicodeScalars.contains(scalar) || isDigit(scalar)
        {
            name.append(scalar)
            position += 1
        }
        guard !name.isEmpty else { throw fault("expected a name here; one with other characters stands as ['…']") }
        return JSONPath.Step(selectors: [.member(String(name))], isDeep: isDeep)
    }

    private mutating func brackets() throws(JSONPathFault) -> [JSONPath.Selector] {
        let start = position
        position += 1
        var selectors: [JSONPath.Selector] = []
        while true {
            skipSpace()
            selectors.append(try selector())
            skipSpace()
            if take("]") { return selectors }
            guard take(",") else {
                throw next == nil
                    ? JSONPathFault(offset: start, message: "the bracket is not closed") : fault("expected , or ] here")
            }
        }
    }

    private mutating func selector() throws(JSONPathFault) -> JSONPath.Selector {
        switch next {
        case "*":
            position += 1
            return .all
        case "'", "\"": return .member(try quoted())
        case "?": throw fault("filters are not known here; take the list and look at it in a script")
        default: break
        }
        let place = position
        let start = try integer()
        skipSpace()
        guard take(":") else {
            guard let start else {
                throw JSONPathFault(offset: place, message: "expected a name in quotes, a number or *")
            }
            return .element(start)
        }
        skipSpace()
        let end = try integer()
        skipSpace()
        if next == ":" { throw fault("slices with steps are not known here") }
        return .slice(start, end)
    }

    private mutating func integer() throws(JSONPathFault) -> Int? {
        let start = position
        var text = take("-") ? "-" : ""
        while let scalar = next, isDigit(scalar) {
            text.unicodeScalars.append(scalar)
            position += 1
        }
        if text.isEmpty { return nil }
        guard let number = Int(text), abs(number) <= 1 << 53 else {
            throw JSONPathFault(offset: start, message: "this is no whole number")
        }
        return number
    }

    /// A name in quotes, in which a backslash takes the next character as it is.
    private mutating func quoted() throws(JSONPathFault) -> String {
        let (start, quote) = (position, scalars[position])
        var name = String.UnicodeScalarView()
        position += 1
        while let scalar = next {
            position += 1
            if scalar == quote { return String(name) }
            if scalar == "\\", let escaped = next {
                name.append(escaped)
                position += 1
            } else {
                name.append(scalar)
            }
        }
        throw JSONPathFault(offset: start, message: "the quote is not closed")
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while next == " " { position += 1 }
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private func fault(_ message: String) -> JSONPathFault { JSONPathFault(offset: position, message: message) }
}
