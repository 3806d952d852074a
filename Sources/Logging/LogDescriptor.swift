import Glibc

/// A file descriptor that lines are written to.
struct LogDescriptor: ~Copyable {
    /// How long a line waits for a reader that does not read.
    private static let patience: CInt = 1_000

    private let number: CInt
    private let isOwned: Bool

    /// Takes over a descriptor that somebody else closes.
    init(borrowing number: CInt) {
        self.number = number
        self.isOwned = false
    }

    /// Opens a file to append to; makes it, readable by the owner and the group, when there is none.
    init(path: String) throws(LoggingError) {
        let number = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
        guard number >= 0 else { throw .cannotOpen(path: path, errno: errno) }
        self.number = number
        self.isOwned = true
    }

    deinit {
        if isOwned { close(number) }
    }

    var isTerminal: Bool { isatty(number) == 1 }

    /// Writes the line, with one call where the system takes it whole; tells whether all of it was taken.
    borrowing func write(_ line: [UInt8]) -> Bool {
        line.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                    guard poll(&request, 1, Self.patience) > 0 else { return false }
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
