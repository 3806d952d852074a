import Clocks
import Files
import Glibc
import Logging
import Transport

/// Tells when a file of the configuration has changed, or an included one has come or gone.
///
/// What counts is whether the files are other than those that were loaded, so a change that comes while an earlier one
/// is being loaded is not missed. The loop's watches only make it quick.
struct ConfigurationWatch: Sendable {
    /// The files and what they were: what a configuration was loaded from.
    struct State: Sendable, Equatable {
        fileprivate let files: [String: FileInfo?]
    }

    let loop: EventLoop
    let clock: any WallClock
    let logger: Logger

    /// How often the files are compared with what they were where no watch can tell.
    static let pace = Duration.seconds(2)
    /// How often they are compared although a watch tells, which those on other machines' disks may not do.
    static let safetyPace = Duration.seconds(60)

    /// What the files are now, and those that the patterns of includes stand for.
    func state(ofFiles files: [String], patterns: [String]) -> State {
        var paths = Set(files)
        for pattern in patterns {
            do {
                paths.formUnion(try FileSystem.posix.paths(matching: FilePath(pattern)).map(\.text))
            } catch {
                logger.debug("include cannot be looked through", ["pattern": pattern, "error": error])
            }
        }
        var infos: [String: FileInfo?] = [:]
        for path in paths {
            do {
                infos[path] = .some(try FileSystem.posix.info(FilePath(path)))
            } catch {
                infos[path] = .some(nil)
            }
        }
        return State(files: infos)
    }

    /// Waits until the files are other than they were.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func change(from old: State, ofFiles files: [String], patterns: [String]) async throws {
        while state(ofFiles: files, patterns: patterns) == old {
            try await nextLook(at: files, patterns: patterns, unlike: old)
        }
    }

    /// Waits until the files stay as they are for a moment, and tells what they are: a certificate and its key are
    /// replaced one after the other.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func settledState(ofFiles files: [String], patterns: [String]) async throws -> State {
        var seen = state(ofFiles: files, patterns: patterns)
        for _ in 0..<Self.mostLooks {
            try await clock.sleep(for: Self.moment)
            let now = state(ofFiles: files, patterns: patterns)
            guard now != seen else { break }
            seen = now
        }
        return seen
    }

    /// How long files must stay as they are.
    static let moment = Duration.milliseconds(100)
    /// Files that never stay as they are are taken up all the same.
    private static let mostLooks = 20

    /// Waits until a watch has seen something, at most for ``pace`` when there is something that none can see.
    private func nextLook(at files: [String], patterns: [String], unlike old: State) async throws {
        let folders = patterns.map(Self.folder)
        let pace = folders.contains(nil) ? Self.pace : Self.safetyPace
        // A folder changes when a file comes or goes; a file that others link to changes where it lies.
        let watched = Set(files + files.compactMap(Self.target) + folders.compactMap { $0.map { $0 + "/." } })
        let watches = watched.map { loop.changes(ofFileAt: $0) }
        try await withThrowingTaskGroup { group in
            for watch in watches {
                group.addTask {
                    for await _ in watch { return }
                    // Without its folder there is nothing to watch.
                    try await clock.sleep(for: Self.pace)
                }
            }
            group.addTask {
                // What changed before the watches were there is seen by this look.
                try await loop.sleep(for: .milliseconds(1))
                if state(ofFiles: files, patterns: patterns) == old { try await clock.sleep(for: pace) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    /// The one folder that all files of a pattern lie in; `nil` when there may be several.
    private static func folder(of pattern: String) -> String? {
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        guard !parts.contains(where: { $0.contains { "*?[".contains($0) } }) else { return nil }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// What a path with symbolic links in it leads to; `nil` when it has none, or leads nowhere.
    private static func target(of path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        let target = String(cString: resolved)
        return target == path ? nil : target
    }
}
