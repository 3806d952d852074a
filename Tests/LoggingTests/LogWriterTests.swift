import Logging
import Messages
import Synchronization
import Testing

/// An output that takes lines only when it is told to.
private final class FickleOutput: LogOutput {
    private let state = Mutex((lines: [String](), isOpen: true))
    let usesColour = false

    func write(_ line: [UInt8]) -> Bool {
        state.withLock { state in
            if state.isOpen { state.lines.append(String(decoding: line, as: UTF8.self)) }
            return state.isOpen
        }
    }

    func set(open: Bool) { state.withLock { $0.isOpen = open } }
    var lines: [String] { state.withLock { $0.lines } }
}

@Suite struct LogWriterTests {
    @Test("each line carries the time of its own moment")
    func time() {
        let output = FickleOutput()
        let clock = Mutex(Int64(0))
        let writer = LogWriter(format: .text, output: output) {
            clock.withLock { now in
                now += 1_000
                return Timestamp(milliseconds: now)
            }
        }
        Logger(sink: writer).info("a")
        Logger(sink: writer).info("b")
        #expect(output.lines == ["info 1970-01-01T00:00:01.000Z a\n", "info 1970-01-01T00:00:02.000Z b\n"])
    }

    @Test("lines that were lost are counted, and told as soon as the output takes lines again")
    func lostLines() {
        let output = FickleOutput()
        let logger = Logger(sink: LogWriter(format: .text, output: output) { Timestamp(seconds: 0) })
        output.set(open: false)
        for _ in 0..<3 { logger.info("lost") }
        output.set(open: true)
        logger.info("kept")
        logger.info("kept again")
        #expect(
            output.lines == [
                "warning 1970-01-01T00:00:00.000Z log lines lost count=3\n",
                "info 1970-01-01T00:00:00.000Z kept\n",
                "info 1970-01-01T00:00:00.000Z kept again\n",
            ])
    }
}
