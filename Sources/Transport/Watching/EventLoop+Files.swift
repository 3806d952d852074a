import CUV
import Glibc

extension EventLoop {
    /// An element for each time the file at this path has changed and then stayed as it is for a moment.
    ///
    /// Its folder is watched, so a file that an editor replaces by renaming, one that is removed and comes back, and
    /// one that is a symbolic link whose folder changes are all noticed; changes that follow one another within `quiet`
    /// are one. The folder must exist, or the stream ends at once. A stream nobody reads from holds one element.
    ///
    /// - Parameters:
    ///   - path: The file, which need not exist.
    ///   - quiet: How long nothing must happen before a change counts.
    /// - Returns: The stream, which ends with its consumer or the loop.
    public func changes(ofFileAt path: String, quiet: Duration = .milliseconds(100)) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let watch = LoopWatch(self)
        continuation.onTermination = { _ in watch.end() }
        let accepted = perform {
            let handle = FileHandle(
                path, quiet, on: watch.loop, changed: { continuation.yield() }, ended: { continuation.finish() })
            if let handle { watch.keep([handle]) } else { continuation.finish() }
        }
        if !accepted { continuation.finish() }
        return stream
    }
}

/// Watches the folder of one file, on the loop's thread.
private final class FileHandle: LoopHandle {
    /// What tells one state of a file from another.
    private struct State: Hashable {
        var device: UInt64 = 0
        var number: UInt64 = 0
        var size: Int64 = 0
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
    }

    private let path: String
    private let quiet: Int64
    private let changed: () -> Void
    private var ended: (() -> Void)?
    private let timer: LoopTimer
    private var state: State

    init?(
        _ path: String, _ quiet: Duration, on loop: EventLoop, changed: @escaping () -> Void,
        ended: @escaping () -> Void
    ) {
        self.path = path
        self.quiet = quiet.loopMilliseconds
        self.changed = changed
        self.ended = ended
        state = Self.state(of: path)
        timer = LoopTimer(loop: loop)
        super.init(loop: loop, type: UV_FS_EVENT)
        // Cannot fail on Linux (libuv, uv_fs_event_init).
        uv_fs_event_init(loop.uv, pointer())
        didOpen()
        let code = uv_fs_event_start(
            pointer(), { handle, _, _, _ in FileHandle.from(handle)?.somethingHappened() }, Self.folder(of: path), 0)
        guard code == 0 else {
            self.ended = nil
            close()
            return nil
        }
    }

    override func close() {
        super.close()
        timer.close()
        let ended = self.ended
        self.ended = nil
        ended?()
    }

    /// Other files of the folder change too, so the file itself is looked at, once all is quiet.
    private func somethingHappened() {
        timer.schedule(after: quiet) { [unowned self] in
            let now = Self.state(of: path)
            guard now != state else { return }
            state = now
            changed()
        }
    }

    private static func state(of path: String) -> State {
        var status = stat()
        guard stat(path, &status) == 0 else { return State() }
        return State(
            device: UInt64(status.st_dev), number: UInt64(status.st_ino), size: Int64(status.st_size),
            seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
