import Files
import TestSupport

/// Runs a test with a file of this text in a folder of its own; the body is given its path and the folder's.
func withFile(
    _ text: String, name: String = "routes.yaml", _ body: (_ path: String, _ folder: String) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let path = "\(folder)/\(name)"
        try FileSystem.posix.write(Array(text.utf8), to: FilePath(path))
        try await body(path, folder)
    }
}

/// Runs a test with a small configuration whose data folder is its own.
func withConfiguration(_ body: (_ path: String, _ folder: String) async throws -> Void) async throws {
    try await withFile("mailboxes: {}\n") { path, folder in
        let text = """
            router: {name: test.example, data: "\(folder)/data"}
            mailboxes:
              inbox: {adapter: inbox}
              api: {adapter: http, tokens: {ci: "correct-horse-battery"}}
            routes: [{name: all, match: "api:**", to: "inbox:everyone"}]
            """
        try FileSystem.posix.write(Array(text.utf8), to: FilePath(path))
        try await body(path, folder)
    }
}
