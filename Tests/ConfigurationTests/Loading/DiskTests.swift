import Configuration
import Files
import Glibc
import TestSupport
import Testing

@Suite struct DiskTests {
    private func write(_ text: String, to path: String) throws {
        try FileSystem.posix.write(Array(text.utf8), to: FilePath(path))
    }

    private func loader(_ environment: [String: String] = [:]) -> ConfigurationLoader {
        ConfigurationLoader(environment: environment, disk: FileSystem.posix, topLevelKeys: ["routes"])
    }

    @Test("files, patterns and secrets are read from a real folder")
    func folder() async throws {
        try await withTemporaryFolder { folder in
            try FileSystem.posix.createFolder(FilePath(folder + "/routes.d"))
            try write("include: ['routes.d/*.yaml', 'none.d/*.yaml']\nkey: {file: key}\n", to: folder + "/routes.yaml")
            try write("routes: [b]\n", to: folder + "/routes.d/b.yaml")
            try write("routes: [a]\n", to: folder + "/routes.d/a.yaml")
            try write("hush\n", to: folder + "/key")
            let loaded = loader().load(folder + "/routes.yaml")
            #expect(loaded.diagnostics.description == "")
            let node = try #require(loaded.node)
            #expect(node["routes"]?.sequence?.map { $0.scalar?.text } == ["a", "b"])
            #expect(node["routes"]?.sequence?[0].position.file == folder + "/routes.d/a.yaml")
            var diagnostics = Diagnostics()
            let schema: SettingsSchema = [Setting("key", .secret, "K."), Setting("routes", .any, "R.")]
            let settings = schema.decode(node, diagnostics: &diagnostics)
            #expect(settings.secret("key").reveal() == "hush")
            #expect(loaded.files.last == folder + "/key")
        }
    }

    @Test("what is no regular file is told, and is not waited for")
    func irregular() async throws {
        try await withTemporaryFolder { folder in
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            try write("include: [pipe, none.yaml, .]\n", to: folder + "/routes.yaml")
            let faults = loader().load(folder + "/routes.yaml").diagnostics.all
            #expect(faults.map(\.keyPath.description) == ["include[0]", "include[1]", "include[2]"])
            #expect(faults.first?.message == "cannot read \(folder)/pipe: it is no regular file")
            #expect(faults.last?.message == "cannot read \(folder)/.: it is no regular file")
        }
    }

    @Test("a file over the limit is told with the limit")
    func tooLarge() async throws {
        try await withTemporaryFolder { folder in
            try write(String(repeating: "#", count: 4 << 20) + "\n", to: folder + "/routes.yaml")
            let loaded = loader().load(folder + "/routes.yaml")
            #expect(loaded.node == nil)
            #expect(loaded.diagnostics.description.contains("more than 4194304 bytes"))
        }
    }
}
