import Configuration
import Testing

@Suite struct ValueTests {
    @Test("a secret shows itself to nobody but who reveals it")
    func secret() {
        let secret = Secret("xoxb-1")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect("\(secret)" == "***")
        #expect(String(reflecting: secret) == "***")
        #expect("\([secret])" == "[***]")
        #expect("\(Optional(secret) as Any)" == "Optional(***)")
        #expect(!dumped.contains("xoxb"))
        #expect(secret.reveal() == "xoxb-1")
        #expect(secret != Secret("xoxb-2"))
    }

    @Test(
        "durations are whole numbers with units",
        arguments: [
            ("250ms", .milliseconds(250)), ("15m", .seconds(900)), ("1h30m", .seconds(5_400)),
            ("30d", .seconds(2_592_000)),
            ("2w", .seconds(1_209_600)), ("0", .zero), ("0s", .zero), ("1d2h3m4s5ms", .milliseconds(93_784_005)),
        ] as [(String, Duration)])
    func durations(text: String, duration: Duration) {
        #expect(Duration(parsing: text) == duration)
        #expect(Duration(parsing: duration.settingText) == duration)
    }

    @Test(
        "what is no duration is refused",
        arguments: [
            "", "15", "m", "1.5h", "-1s", "+1s", "30m1h", "1m1m", "1y", "1 h", "99999999999999999999s", "9999999w",
            "1h ",
        ])
    func badDurations(text: String) {
        #expect(Duration(parsing: text) == nil)
    }

    @Test(
        "sizes count by 1000 or 1024",
        arguments: [
            ("25MiB", 26_214_400, "25MiB"), ("10GiB", 10_737_418_240, "10GiB"), ("64KB", 64_000, "64KB"),
            ("64KiB", 65_536, "64KiB"), ("512", 512, "512B"), ("512B", 512, "512B"), ("1TB", 1_000_000_000_000, "1TB"),
            ("0", 0, "0B"), ("1024", 1_024, "1KiB"),
        ])
    func sizes(text: String, bytes: Int, shown: String) {
        #expect(ByteCount(parsing: text)?.bytes == bytes)
        #expect(ByteCount(parsing: text)?.description == shown)
    }

    @Test(
        "what is no size is refused",
        arguments: ["", "MiB", "1.5MiB", "-1", "10 MiB", "1PB", "9999999999TiB", "1mib", "0x10"])
    func badSizes(text: String) {
        #expect(ByteCount(parsing: text) == nil)
    }
}
