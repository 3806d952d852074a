import Files
import Glibc

/// Graphviz's `dot`, which draws graphs.
enum Graphviz {
    /// Draws a graph.
    ///
    /// - Parameter graph: the graph in the DOT language.
    /// - Returns: the picture as SVG.
    /// - Throws: ``CommandError/input(_:)`` when Graphviz is not installed, or cannot draw it.
    static func svg(of graph: String) throws -> String {
        // Files, not pipes: a program that reads and writes at its own pace never blocks on us, nor we on it.
        let folder = try ScratchFolder(for: ["graph.dot", "graph.svg"])
        let (source, picture) = (folder.path(of: "graph.dot"), folder.path(of: "graph.svg"))
        try FileSystem.posix.write(graph.utf8, to: FilePath(source))
        let status = try run(["dot", "-Tsvg", "-o", picture, source])
        guard status == 0 else { throw CommandError.input("dot, which draws the graph, ended with \(status)") }
        return try FileSystem.posix.readText(FilePath(picture), limit: 256 << 20)
    }

    /// Runs a program that is looked for in PATH to its end, and returns its status; signals count from 128.
    private static func run(_ words: [String]) throws(CommandError) -> CInt {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var child: pid_t = 0
        let fault = posix_spawnp(&child, words[0], nil, nil, arguments, environ)
        guard fault == 0 else {
            throw .input(
                fault == ENOENT
                    ? "\(words[0]) is not installed: install graphviz, or use --format dot or mermaid"
                    : "\(words[0]) cannot be started: \(String(cString: strerror(fault)))")
        }
        var status: CInt = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}

/// A folder that is gone, with the files in it, when nobody needs it any more.
private struct ScratchFolder: ~Copyable {
    private let path: String
    private let names: [String]

    /// Creates a folder that only this user may enter.
    init(for names: [String]) throws(CommandError) {
        var template = Array("/tmp/postroad-XXXXXX".utf8CString)
        guard let created = mkdtemp(&template) else {
            throw .input("no folder for the picture: \(String(cString: strerror(errno)))")
        }
        path = String(cString: created)
        self.names = names
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// The path of a file in it.
    func path(of name: String) -> String { "\(path)/\(name)" }
}
