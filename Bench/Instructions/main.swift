// One step of a message's way, so many times, for callgrind to count. Usage:
//   instructions-bench match|stage|encode|accept|settle COUNT FOLDER
// `scripts/instructions` runs it with two counts and takes the difference, so that what is done once does not count.

import Clocks
import Glibc
import Messages

func fail(_ text: String) -> Never {
    _ = (text + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 3, let count = Int(arguments[1]), let step = Step(rawValue: arguments[0]) else {
    fail("usage: instructions-bench \(Step.allCases.map(\.rawValue).joined(separator: "|")) COUNT FOLDER")
}
let done = try await step.run(count, folder: arguments[2])
guard done == count else { fail("\(step.rawValue): \(done) of \(count) done") }
