import Glibc

/// How to start this program again.
struct OwnProgram: Sendable {
    /// The path of the executable; a file that has replaced it meanwhile is what will be started.
    let path: String
    /// The arguments, with the program's name as the first one.
    let arguments: [String]

    /// Looks for the program that runs, as the shell found it: links on the way are followed anew each time.
    ///
    /// - Throws: ``CommandError/input(_:)`` when no path leads to the program.
    static func find(_ arguments: [String], environment: [String: String]) throws(CommandError) -> OwnProgram {
        let name = arguments.first ?? ""
        let folder = currentFolder()
        let folders = name.contains("/") ? [""] : (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/" }
        let candidates = folders.map { absolute("\($0)\(name)", in: folder) } + [executable()]
        guard let path = candidates.first(where: isRunning) else {
            throw .input("the path of this program cannot be found out, so it cannot be started again")
        }
        return OwnProgram(path: path, arguments: arguments)
    }

    /// Tells whether the file at the path is the program that runs.
    private static func isRunning(_ path: String) -> Bool {
        var running = stat()
        var found = stat()
        return stat("/proc/self/exe", &running) == 0 && stat(path, &found) == 0
            && running.st_dev == found.st_dev && running.st_ino == found.st_ino
    }

    private static func absolute(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private static func currentFolder() -> String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    private static func executable() -> String {
        guard let path = realpath("/proc/self/exe", nil) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }
}
