import Files
import Glibc
import Testing

/// The repository's folder.
let repository = FilePath("/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/"))

/// Compares a text with a file in `Tests/PostroadTests/Golden`; with POSTROAD_REWRITE_GOLDEN=1 writes the file instead.
func expectGolden(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let path = repository.appending("Tests/PostroadTests/Golden/\(name).txt")
    if getenv("POSTROAD_REWRITE_GOLDEN") != nil {
        try FileSystem.posix.write(Array(text.utf8), to: path, readableByAll: true)
    }
    let golden = try FileSystem.posix.readText(path, limit: 1 << 20)
    #expect(
        text == golden, "\(name).txt is another text; is it better? POSTROAD_REWRITE_GOLDEN=1 writes it",
        sourceLocation: sourceLocation)
}
