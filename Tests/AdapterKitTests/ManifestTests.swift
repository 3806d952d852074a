import AdapterKit
import Configuration
import Files
import Testing

@Suite struct ManifestTests {
    private static let adapters = FilePath(
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Adapters")

    @Test("a manifest says the name, the classes in their order, the abilities and the settings")
    func whole() throws {
        let manifest = try AdapterManifest(
            parsing: Array(
                """
                name: pager
                summary: Wakes people.
                abilities:
                  receive: true
                  send: true
                  initiate: false
                  lane_parallelism: 4
                  retry_after: mailbox
                  mailbox_parallelism: 9
                  timeout: 5s
                  maximum_text: 160
                  formats: [markdown, plain]
                classes:
                  "<number>": A message of that number.
                  call: Somebody called.
                settings:
                  token: {type: secret, required: true, prose: The key.}
                """.utf8))
        #expect(manifest.name == "pager")
        #expect(manifest.summary == "Wakes people.")
        #expect(manifest.classes.map(\.pattern) == ["<number>", "call"])
        #expect(manifest.classes.map(\.prose) == ["A message of that number.", "Somebody called."])
        var abilities = Abilities()
        abilities.receive = true
        abilities.send = true
        abilities.canInitiate = false
        abilities.laneParallelism = 4
        abilities.retryAfter = .mailbox
        abilities.mailboxParallelism = 9
        abilities.deliveryTimeout = .seconds(5)
        abilities.maximumText = 160
        abilities.formats = ["markdown", "plain"]
        #expect(manifest.abilities == abilities)
        var diagnostics = Diagnostics()
        let node = try #require(YAMLNode.parse("{}", file: "routes.yaml", diagnostics: &diagnostics))
        _ = manifest.settings.decode(node, diagnostics: &diagnostics)
        #expect(diagnostics.all.map(\.message).contains { $0.contains("token") })
    }

    @Test("name and summary are enough; an adapter that says no more can do nothing")
    func least() throws {
        let manifest = try AdapterManifest(parsing: Array("{name: mute, summary: Does nothing.}".utf8))
        #expect(manifest.abilities == Abilities())
        #expect(manifest.classes.isEmpty)
    }

    @Test("everything that is wrong with a manifest is told at once, with its place")
    func collected() throws {
        let text = """
            nam: pager
            summary: Wakes people.
            abilities:
              recieve: true
              lane_parallelism: 0
              timeout: soon
              formats: [morse]
            settings:
              token: {type: secrt, prose: The key.}
              url: {type: url}
            """
        let error = try #require(throws: AdapterError.self) {
            try AdapterManifest(parsing: Array(text.utf8), file: "pager.yaml")
        }
        guard case .badSettings(let diagnostics) = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(Set(diagnostics.map(\.position.line)).isSuperset(of: [1, 4, 5, 6, 7, 9, 10]))
        #expect(diagnostics.allSatisfy { $0.position.file == "pager.yaml" })
        #expect(error.description.contains("pager.yaml:4:3: "))
        #expect(error.description.contains("did you mean \"receive\"?"), "\(error)")
        #expect(error.description.split(separator: "\n").count == diagnostics.count)
    }

    @Test("what is no mapping is no manifest", arguments: ["", "- a\n", "just words", "name: [", "\u{0}"])
    func noManifest(text: String) {
        #expect(throws: AdapterError.self) { try AdapterManifest(parsing: Array(text.utf8)) }
    }

    @Test("the manifest of every adapter can be read, and is named like its folder")
    func ours() throws {
        let folders = try FileSystem.posix.paths(matching: "\(Self.adapters)/*/manifest.yaml")
        #expect(folders.count >= 5)
        for path in folders {
            let bytes = try FileSystem.posix.read(FilePath(path), limit: 1 << 20)
            let manifest = try AdapterManifest(parsing: bytes, file: path)
            #expect(manifest.name == FilePath(path).folder.name.lowercased())
            #expect(manifest.summary.hasSuffix("."), "\(manifest.name)")
            #expect(manifest.abilities.receive || manifest.abilities.send, "\(manifest.name)")
            #expect(manifest.abilities.receive || manifest.classes.isEmpty, "\(manifest.name)")
            #expect(manifest.classes.allSatisfy { !$0.prose.isEmpty }, "\(manifest.name)")
        }
    }
}
