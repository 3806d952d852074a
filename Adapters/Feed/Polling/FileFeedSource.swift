import Files
import Glibc
import Messages

/// Reads a feed from a file, when its size or its time of change is another than the last time.
struct FileFeedSource: FeedSource {
    let path: FilePath
    let files: FileSystem
    let limit: Int

    func read(_ state: FeedState) async throws -> FeedReading {
        let (path, files, limit, old) = (path, files, limit, state)
        // The disk may be slow or far away; the threads that run tasks must not wait for it.
        return try await onThreadOfItsOwn {
            do {
                var reading = FeedReading(permanent: old.current)
                guard let info = try files.info(path) else {
                    throw FetchFault.unreadableFile(reason: "there is no file \(path)")
                }
                reading.entityTag =
                    "\(info.size)-\(info.modified.components.seconds)-\(info.modified.components.attoseconds)"
                reading.digest = old.digest
                guard reading.entityTag != old.entityTag else { return reading }
                try reading.parse(files.read(path, limit: limit), url: nil, charset: nil, unlessDigest: old.digest)
                return reading
            } catch let error as FileError {
                throw FetchFault.unreadableFile(reason: error.description)
            }
        }
    }
}

/// Runs a blocking call on a thread that ends with it.
func onThreadOfItsOwn<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let work = ThreadWork { continuation.resume(with: Result { try body() }) }
        var thread = pthread_t()
        // The thread releases the work when it has done it.
        let reference = Unmanaged.passRetained(work)
        let result = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, reference.toOpaque())
        guard result == 0 else {
            reference.release()
            continuation.resume(
                throwing: FetchFault.unreadableFile(reason: "no thread could be started: error \(result)"))
            return
        }
        pthread_detach(thread)
    }
}

private final class ThreadWork {
    let run: () -> Void

    init(_ run: @escaping () -> Void) {
        self.run = run
    }
}
