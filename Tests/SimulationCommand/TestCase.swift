import Files

/// Something that passed or failed, for the summary of `make test`.
struct TestCase {
    let name: String
    var failure: String?

    init(name: String, failure: String? = nil) {
        self.name = name
        self.failure = failure
    }

    /// Writes a report as JUnit does.
    static func write(_ cases: [TestCase], to path: FilePath) throws {
        let lines = cases.map { item in
            let start = "  <testcase classname=\"simulation\" name=\"\(escaped(item.name))\""
            guard let failure = item.failure else { return start + "/>" }
            return start + "><failure message=\"\(escaped(failure))\"/></testcase>"
        }
        let text = (["<testsuite name=\"simulation\">"] + lines + ["</testsuite>", ""]).joined(separator: "\n")
        try FileSystem.posix.write(Array(text.utf8), to: path)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
