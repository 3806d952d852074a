import Files
import Glibc
import TestSupport

/// What is on a simulated disk, and who has it open.
struct Volume {
    /// A file or a folder.
    struct Node {
        let isFolder: Bool
        var file = CachedFile()
        /// Who has the lock of flock(2).
        var holder: Int32?
        var locks = SQLiteLocks()
        var shared: SharedMemory?
        var sharers: Set<Int> = []
    }

    /// A file opened through the simulated calls.
    struct Opened {
        let node: Int
        let path: String
        let appends: Bool
        var position = 0
    }

    private(set) var nodes: [Node]
    var tree: FolderTree
    private(set) var opened: [Int32: Opened] = [:]
    private var lastDescriptor: Int32 = 2
    /// The most bytes that the files may have together.
    var capacity: Int?
    private(set) var used = 0
    /// Connections of a process that is gone may still be closed, and look there while they are.
    private var abandoned: [SharedMemory] = []

    init(capacity: Int?) {
        nodes = [Node(isFolder: true)]
        tree = FolderTree(root: 0)
        self.capacity = capacity
    }

    // MARK: Names

    func find(_ path: String) throws(ErrorNumber) -> Int {
        guard let node = tree.node(path) else { throw .notFound }
        return node
    }

    /// Finds a file, or creates it in a folder that exists.
    mutating func open(_ path: String, create: Bool, exclusive: Bool) throws(ErrorNumber) -> (node: Int, isNew: Bool) {
        if let node = tree.node(path) {
            guard !(create && exclusive) else { throw .exists }
            return (node, false)
        }
        guard create else { throw .notFound }
        return (try make(path, isFolder: false), true)
    }

    /// Creates a file that has no name.
    mutating func makeNameless() -> Int {
        nodes.append(Node(isFolder: false))
        return nodes.count - 1
    }

    @discardableResult
    mutating func make(_ path: String, isFolder: Bool) throws(ErrorNumber) -> Int {
        guard tree.node(path) == nil else { throw .exists }
        guard nodes[try find(FolderTree.folder(of: path))].isFolder else { throw ErrorNumber(rawValue: ENOTDIR) }
        nodes.append(Node(isFolder: isFolder))
        tree.set(path, nodes.count - 1)
        return nodes.count - 1
    }

    mutating func remove(_ path: String) throws(ErrorNumber) {
        let node = try find(path)
        guard tree.names(in: path).isEmpty else { throw ErrorNumber(rawValue: ENOTEMPTY) }
        tree.clear(path)
        used -= nodes[node].file.seen.size
    }

    mutating func rename(_ path: String, to target: String) throws(ErrorNumber) {
        let node = try find(path)
        _ = try find(FolderTree.folder(of: target))
        if let replaced = tree.node(target) { used -= nodes[replaced].file.seen.size }
        tree.move(path, to: target, node)
    }

    // MARK: Content

    func read(_ node: Int, at offset: Int, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        nodes[node].file.seen.read(at: offset, into: bytes)
    }

    mutating func write(_ node: Int, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(ErrorNumber) {
        let growth = max(offset + bytes.count - nodes[node].file.seen.size, 0)
        if let capacity, growth > 0, used + growth > capacity { throw .noSpace }
        nodes[node].file.write(bytes, at: offset)
        used += growth
    }

    /// A write in the middle of which the process ends: its beginning is there.
    mutating func writeBeginning(
        _ node: Int, _ bytes: UnsafeRawBufferPointer, at offset: Int, _ random: inout SeededRandom
    ) {
        let count = Int.random(in: 0...bytes.count, using: &random)
        // A full disk takes nothing of it.
        try? write(node, UnsafeRawBufferPointer(rebasing: bytes.prefix(count)), at: offset)
    }

    mutating func resize(_ node: Int, to size: Int) {
        used += size - nodes[node].file.seen.size
        nodes[node].file.resize(to: size)
    }

    mutating func synchronize(_ node: Int, _ path: String) {
        if nodes[node].isFolder { tree.synchronize(path) } else { nodes[node].file.synchronize() }
    }

    mutating func failToSynchronize(_ node: Int, _ random: inout SeededRandom) {
        nodes[node].file.failToSynchronize(&random)
    }

    // MARK: Locks

    /// Changes what SQLite's connections hold of a file.
    mutating func withLocks<Result>(_ node: Int, _ body: (inout SQLiteLocks) -> Result) -> Result {
        body(&nodes[node].locks)
    }

    /// The address of a region of the memory that connections to a database share; 0 for none.
    mutating func sharedRegion(_ node: Int, _ connection: Int, _ number: Int, size: Int, makes: Bool) -> UInt {
        let shared = nodes[node].shared ?? SharedMemory()
        nodes[node].shared = shared
        nodes[node].sharers.insert(connection)
        return UInt(bitPattern: shared.region(number, size: size, makes: makes))
    }

    /// A connection lets go of the memory; it ends with the last.
    mutating func leaveSharedMemory(_ node: Int, _ connection: Int) {
        guard nodes[node].sharers.remove(connection) != nil, nodes[node].sharers.isEmpty else { return }
        nodes[node].shared = nil
    }

    /// Takes a file for one descriptor alone.
    mutating func lock(_ descriptor: Int32) throws(ErrorNumber) {
        let node = try opened(descriptor).node
        guard nodes[node].holder == nil || nodes[node].holder == descriptor else { throw .wouldBlock }
        nodes[node].holder = descriptor
    }

    // MARK: Descriptors

    mutating func add(_ file: Opened) -> Int32 {
        lastDescriptor += 1
        opened[lastDescriptor] = file
        return lastDescriptor
    }

    func opened(_ descriptor: Int32) throws(ErrorNumber) -> Opened {
        guard let file = opened[descriptor] else { throw ErrorNumber(rawValue: EBADF) }
        return file
    }

    mutating func move(_ descriptor: Int32, to position: Int) {
        opened[descriptor]?.position = position
    }

    mutating func close(_ descriptor: Int32) {
        guard let file = opened.removeValue(forKey: descriptor) else { return }
        if nodes[file.node].holder == descriptor { nodes[file.node].holder = nil }
    }

    // MARK: The end of a process

    /// Nobody has anything open any more; with the machine's end what was not durable is lost.
    mutating func crash(_ kind: CrashKind, sectorSize: Int, _ random: inout SeededRandom) {
        opened = [:]
        for index in nodes.indices {
            nodes[index].holder = nil
            nodes[index].locks = SQLiteLocks()
            if let shared = nodes[index].shared { abandoned.append(shared) }
            nodes[index].shared = nil
            nodes[index].sharers = []
            if kind == .powerLoss { nodes[index].file.losePower(sectorSize: sectorSize, &random) }
        }
        if kind == .powerLoss { tree.losePower(&random) }
        used = Set(tree.seen.values).reduce(0) { $0 + nodes[$1].file.seen.size }
    }
}
