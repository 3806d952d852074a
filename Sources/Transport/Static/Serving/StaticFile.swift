import Glibc

/// An open file of a folder that is served; closed with the last copy of this value.
struct StaticFile: Sendable {
    /// How many bytes it had when it was opened.
    let length: Int
    /// When it was changed last, in seconds since 1970.
    let lastModified: Int64
    /// What identifies its content: which file it is, its length, and when it changed, to the nanosecond.
    let tag: EntityTag
    /// Tells whether a folder was asked for, whose index this is.
    var isIndex = false
    private let descriptor: FileDescriptor

    /// Opens a file by the names of its path below a folder, or that folder's index; nil when there is no such file.
    ///
    /// Blocks. Each name is opened by itself and never through a symbolic link, so that no path leads outside.
    init?(_ names: [String], below folder: String, index: String?) {
        guard var current = FileDescriptor(opening: folder, at: AT_FDCWD, O_DIRECTORY) else { return nil }
        for name in names {
            guard let next = FileDescriptor(opening: name, at: current.number, O_NOFOLLOW) else { return nil }
            current = next
        }
        var isIndex = false
        if let index, current.status?.kind == S_IFDIR {
            guard let next = FileDescriptor(opening: index, at: current.number, O_NOFOLLOW) else { return nil }
            current = next
            isIndex = true
        }
        guard let status = current.status, status.kind == S_IFREG else { return nil }
        length = Int(status.st_size)
        lastModified = Int64(status.st_mtim.tv_sec)
        tag = EntityTag(
            [
                UInt64(status.st_ino), UInt64(status.st_size), UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
                UInt64(bitPattern: Int64(status.st_mtim.tv_nsec)),
            ].map { String($0, radix: 36) }.joined(separator: "-"))
        descriptor = current
        self.isIndex = isIndex
    }

    /// Reads at most so many bytes from an offset; blocks.
    func read(at offset: Int, upTo count: Int) -> Result<[UInt8], TransportError> {
        var code: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let result = pread(
                    descriptor.number, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
                if result < 0, errno == EINTR { continue }
                if result < 0 { code = -errno }
                guard result > 0 else { return }
                filled += result
            }
        }
        return code == 0 ? .success(bytes) : .failure(.system(operation: "pread", code: code, subject: "a served file"))
    }
}

/// Owns a descriptor.
private final class FileDescriptor: Sendable {
    let number: CInt

    /// Opens what a name is below an open folder, for reading; nil when that cannot be.
    init?(opening name: String, at folder: CInt, _ flags: CInt) {
        // Without O_NONBLOCK a named pipe would keep us waiting for its other end.
        number = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags)
        guard number >= 0 else { return nil }
    }

    deinit {
        close(number)
    }

    var status: stat? {
        var status = stat()
        return fstat(number, &status) == 0 ? status : nil
    }
}

extension stat {
    fileprivate var kind: mode_t { st_mode & S_IFMT }
}
