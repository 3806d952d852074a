import Glibc
import TestSupport

/// A program that runs beside a test.
///
/// Whoever starts one waits for its end, whatever happens: the monitor of exit tests looks at the first child of the
/// process that has ended, and never gets to another one while nobody takes that one's status.
struct Program {
    let id: pid_t

    /// Starts a program that is found by its path, its output dropped.
    init(_ path: String, _ arguments: [String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [CInt(1), 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        guard posix_spawn(&id, path, &actions, nil, &words, environ) == 0 else { throw ProgramError.cannotStart(path) }
        self.id = id
    }

    /// Waits until the program has ended, and returns its status; ends it when it takes too long.
    @discardableResult
    func end() async throws -> CInt {
        var status: CInt = 0
        do {
            try await waitUntil { waitpid(id, &status, WNOHANG) == id }
        } catch {
            kill(id, SIGKILL)
            waitpid(id, &status, 0)
            throw error
        }
        return (status >> 8) & 0xFF
    }

    func stop() async throws {
        // It may have got a mask of signals from us that leaves others out.
        kill(id, SIGKILL)
        try await end()
    }

    /// Tells whether there is such a program.
    static func exists(_ path: String) -> Bool { access(path, X_OK) == 0 }
}

/// Why a program does not run.
enum ProgramError: Error {
    case cannotStart(String)
    case failed(CInt)
}
