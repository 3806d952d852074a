import Logging
import TestSupport
import Testing

@Suite struct LoggerTests {
    @Test("what is below the level is not written, and its facts are not computed")
    func level() {
        let recorder = LogRecorder()
        let logger = Logger(level: .warning, sink: recorder)
        var computed = 0
        func fact() -> Int {
            computed += 1
            return computed
        }
        logger.debug("a", ["fact": fact()])
        logger.info("b", ["fact": fact()])
        logger.warning("c", ["fact": fact()])
        logger.error("d", ["fact": fact()])
        #expect(recorder.text == "warning c fact=1\nerror d fact=2")
    }

    @Test("facts of the context come before those of the event, outermost first")
    func context() {
        let recorder = LogRecorder()
        let logger = Logger(sink: recorder).with(["router": "hq"]).with(["mailbox": "work"])
        logger.info("connected", ["after": 3])
        #expect(recorder.text == "info connected router=hq mailbox=work after=3")
    }

    @Test("a context does not leak into the logger it was made from")
    func separation() {
        let recorder = LogRecorder()
        let logger = Logger(sink: recorder)
        _ = logger.with(["mailbox": "work"])
        logger.info("started")
        #expect(recorder.text == "info started ")
    }

    @Test("levels are ordered from debug to error")
    func order() {
        #expect(LogLevel.allCases == LogLevel.allCases.sorted())
        #expect(LogLevel.debug < .error)
    }
}
