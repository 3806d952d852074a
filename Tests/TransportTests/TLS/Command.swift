import Glibc

/// Runs a command of the shell on a thread of its own and returns all it writes.
func shell(_ command: String) async throws -> String {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<String, any Error>) in
        let box = Unmanaged.passRetained(ShellRun(command: command, continuation: continuation))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let run = Unmanaged<ShellRun>.fromOpaque(argument).takeRetainedValue()
                run.continuation.resume(with: Result { try run.output() })
                return nil
            }, box.toOpaque())
        if code == 0 {
            pthread_detach(thread)
        } else {
            box.takeRetainedValue().continuation.resume(throwing: ShellError.notStarted(code))
        }
    }
}

enum ShellError: Error {
    case notStarted(CInt)
}

private final class ShellRun {
    let command: String
    let continuation: CheckedContinuation<String, any Error>

    init(command: String, continuation: CheckedContinuation<String, any Error>) {
        self.command = command
        self.continuation = continuation
    }

    func output() throws -> String {
        guard let pipe = popen("exec 2>&1; \(command)", "r") else { throw ShellError.notStarted(errno) }
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&piece, 1, piece.count, pipe)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece.prefix(count)
        }
    }
}
