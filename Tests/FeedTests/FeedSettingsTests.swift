import AdapterKit
import Configuration
import Files
import Testing

@testable import Feed

@Suite("Settings of feeds")
struct FeedSettingsTests {
    private func settings(_ yaml: String, file: String = "conf/routes.yaml") throws -> FeedSettings {
        var diagnostics = Diagnostics()
        let node = try #require(YAMLNode.parse(Array(yaml.utf8), file: file, diagnostics: &diagnostics))
        let object = FeedAdapter.manifest.settings.decode(node, diagnostics: &diagnostics)
        try #require(!diagnostics.hasErrors, "\(diagnostics)")
        return try FeedSettings(object)
    }

    @Test("the manifest can be read and has the defaults that the README tells")
    func defaults() throws {
        let manifest = FeedAdapter.manifest
        #expect(manifest.name == "feed" && manifest.abilities.receive && !manifest.abilities.send)
        let settings = try settings("feeds: {a: {url: 'https://n.example/f'}}")
        let feed = try #require(settings.feeds.first)
        #expect(!settings.allowsPrivate && settings.userAgent == "Postroad (feed reader)")
        #expect(feed.place == .web("https://n.example/f") && feed.schedule.every == .seconds(1_800))
        #expect(feed.newest == 1 && feed.perPoll == 20 && !feed.postsUpdates && feed.text == .summary)
        #expect(feed.filter == FeedFilter())
    }

    @Test(
        "a file is relative to the configuration that names it",
        arguments: [
            ("file:f.xml", "conf/f.xml"), ("file:/f.xml", "/f.xml"), ("file:///f.xml", "/f.xml"),
            ("file:a/f.xml", "conf/a/f.xml"),
        ])
    func files(_ url: String, _ path: String) throws {
        #expect(try settings("feeds: {a: {url: '\(url)'}}").feeds.map(\.place) == [.file(.init(path))])
    }

    @Test(
        "an address of neither kind is an error with its place",
        arguments: ["n.example/f", "ftp://n.example/", "file:", "http://", ""])
    func wrong(_ url: String) throws {
        let error = #expect(throws: AdapterError.self) {
            try settings("feeds:\n  a: {url: \"\(url)\"}")
        }
        #expect(error?.description.contains("conf/routes.yaml:2:") == true, "\(String(describing: error))")
    }
}
