import Messages

/// A table of facts by a key.
struct LookupTable: Sendable {
    /// How a table is written.
    enum Format: String, CaseIterable, Sendable {
        /// Values with commas between them; the first row names the columns.
        case csv
        /// The same with tabs.
        case tsv
        /// An object of objects by their keys, or a list of objects.
        case json
    }

    /// What is wrong with a table, as a sentence without the file's name.
    struct Fault: Error, Hashable {
        var message: String
    }

    /// The largest file, and the most rows.
    static let (sizeLimit, rowLimit) = (32 << 20, 500_000)

    private let rows: [String: JSONObject]
    private let ignoresCase: Bool

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - text: the file.
    ///   - format: how it is written.
    ///   - column: the column of the keys; the first one unless given, or the names of the members of a JSON object.
    ///   - ignoresCase: whether keys are the same in upper and lower case.
    /// - Throws: ``Fault``
    init(_ text: String, as format: Format, column: String?, ignoresCase: Bool) throws(Fault) {
        let pairs =
            switch format {
            case .csv: try Self.separated(text, by: UInt8(ascii: ","), column: column)
            case .tsv: try Self.separated(text, by: UInt8(ascii: "\t"), column: column)
            case .json: try Self.json(text, column: column)
            }
        guard pairs.count <= Self.rowLimit else { throw Fault(message: "it has more than \(Self.rowLimit) rows") }
        var rows: [String: JSONObject] = [:]
        rows.reserveCapacity(pairs.count)
        for (key, row) in pairs {
            let key = ignoresCase ? key.lowercased() : key
            // Of two rows with one key the first counts, as a reader would find it.
            if rows[key] == nil { rows[key] = row }
        }
        self.rows = rows
        self.ignoresCase = ignoresCase
    }

    /// The facts of a key.
    subscript(key: String) -> JSONObject? { rows[ignoresCase ? key.lowercased() : key] }

    private static func separated(
        _ text: String, by separator: UInt8, column: String?
    ) throws(Fault) -> [(String, JSONObject)] {
        let rows: [[String]]
        do {
            rows = try CSVReader.rows(text, separator: separator)
        } catch {
            throw Fault(message: "line \(error.line): \(error.message)")
        }
        guard let names = rows.first else { throw Fault(message: "it is empty; its first line names the columns") }
        guard Set(names).count == names.count, !names.contains("") else {
            throw Fault(message: "its first line does not give every column a name of its own")
        }
        guard let place = column.map({ names.firstIndex(of: $0) }) ?? 0 else {
            throw Fault(
                message: "it has no column \(ShownText.quoted(column ?? "")), only \(names.joined(separator: ", "))")
        }
        var pairs: [(String, JSONObject)] = []
        for (number, row) in rows.enumerated().dropFirst() {
            guard row.count == names.count else {
                throw Fault(message: "row \(number + 1) has \(row.count) values for \(names.count) columns")
            }
            var facts = JSONObject()
            for (name, value) in zip(names, row) where name != names[place] { facts[name] = .string(value) }
            pairs.append((row[place], facts))
        }
        return pairs
    }

    private static func json(_ text: String, column: String?) throws(Fault) -> [(String, JSONObject)] {
        let value: JSON
        do {
            value = try JSON(parsing: Array(text.utf8))
        } catch {
            throw Fault(message: error.description)
        }
        if let object = value.object, column == nil {
            return object.members.map { ($0.name, $0.value.object ?? ["value": $0.value]) }
        }
        guard let elements = value.array, let column else {
            throw Fault(message: "expected an object of objects, or a list of objects and the column of their keys")
        }
        var pairs: [(String, JSONObject)] = []
        for (number, element) in elements.enumerated() {
            guard var facts = element.object, let key = facts[column] else {
                throw Fault(message: "element \(number) is no object with \(ShownText.quoted(column)) in it")
            }
            facts[column] = nil
            pairs.append((key.string ?? key.description, facts))
        }
        return pairs
    }
}
