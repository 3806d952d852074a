import Messages

/// One JSON text a line (NDJSON): lines end with LF, a CR before it is white space, empty lines are passed over.
enum JSONLines {
    /// The most messages that one request hands in.
    static let maximumCount = 1_000

    /// The values with the numbers of their lines, 1 for the first.
    ///
    /// - Throws: ``Problem`` with status 400 and the lines that are no JSON, or 413 for too many.
    static func read(_ body: [UInt8]) throws(Problem) -> [(line: Int, bytes: ArraySlice<UInt8>, json: JSON)] {
        var entries: [(line: Int, bytes: ArraySlice<UInt8>, json: JSON)] = []
        var problems: [Problem] = []
        var number = 0
        for line in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
            guard entries.count + problems.count < maximumCount else {
                throw Problem(413, "a batch has at most 1000 messages")
            }
            do throws(MessageError) {
                entries.append((number, line, try JSON(parsing: Array(line))))
            } catch {
                problems.append(Problem(error).inLine(number))
            }
        }
        if let problem = Problem.joined(problems, outOf: entries.count + problems.count) { throw problem }
        return entries
    }
}

extension Problem {
    /// The problem of one line of a batch.
    func inLine(_ number: Int) -> Problem {
        Problem(
            status, "line \(number): \(detail)",
            faults: faults.map { Fault(line: number, pointer: $0.pointer, detail: $0.detail) })
    }
}
