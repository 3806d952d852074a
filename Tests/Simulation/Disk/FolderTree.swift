import TestSupport

/// The names on a disk: which path leads to which file, as programs see it and as it is durable.
///
/// A new name is durable when its folder was synchronized; synchronizing the file is not enough (fsync(2)).
struct FolderTree {
    private enum Change {
        case set(String, Int)
        case clear(String)
        case move(String, to: String, Int)
    }

    private(set) var seen: [String: Int]
    private var durable: [String: Int]
    /// What is not durable yet, by folder.
    private var unsynced: [String: [Change]] = [:]

    init(root: Int) {
        seen = ["/": root]
        durable = seen
    }

    func node(_ path: String) -> Int? { seen[path] }

    /// The names in a folder, sorted.
    func names(in folder: String) -> [String] {
        let prefix = folder == "/" ? "/" : folder + "/"
        return seen.keys.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") && $0 != "/" }
            .map { String($0.dropFirst(prefix.count)) }.sorted()
    }

    mutating func set(_ path: String, _ node: Int) {
        seen[path] = node
        unsynced[Self.folder(of: path), default: []].append(.set(path, node))
    }

    mutating func clear(_ path: String) {
        seen[path] = nil
        unsynced[Self.folder(of: path), default: []].append(.clear(path))
    }

    /// Within a folder the name changes at once; between two, the new name may be durable before the old one is gone.
    mutating func move(_ path: String, to target: String, _ node: Int) {
        seen[path] = nil
        seen[target] = node
        let (from, to) = (Self.folder(of: path), Self.folder(of: target))
        guard from != to else {
            unsynced[from, default: []].append(.move(path, to: target, node))
            return
        }
        unsynced[to, default: []].append(.set(target, node))
        unsynced[from, default: []].append(.clear(path))
    }

    mutating func synchronize(_ folder: String) {
        for change in unsynced.removeValue(forKey: folder) ?? [] { apply(change) }
    }

    /// The machine ends: of each folder's changes the first few are durable, and the others never were.
    mutating func losePower(_ random: inout SeededRandom) {
        for (_, changes) in unsynced.sorted(by: { $0.key < $1.key }) {
            for change in changes.prefix(Int.random(in: 0...changes.count, using: &random)) { apply(change) }
        }
        unsynced = [:]
        // What lies in a folder that is not there is not there either.
        for path in durable.keys.sorted() where path != "/" && durable[Self.folder(of: path)] == nil {
            durable[path] = nil
        }
        seen = durable
    }

    private mutating func apply(_ change: Change) {
        switch change {
        case .set(let path, let node): durable[path] = node
        case .clear(let path): durable[path] = nil
        case .move(let path, let target, let node):
            durable[path] = nil
            durable[target] = node
        }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
