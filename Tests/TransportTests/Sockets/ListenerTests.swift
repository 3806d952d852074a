import Glibc
import Synchronization
import Testing
import Transport

/// Sends back what comes, until the end.
@Sendable private func echo(_ connection: Connection) async {
    do {
        while let bytes = try await connection.read() { try await connection.write(bytes) }
    } catch {
        // The client went away.
    }
}

@Suite struct ListenerTests {
    @Test("what goes out comes back, by TCP and by a Unix socket", arguments: [false, true])
    func echoes(isUnix: Bool) async throws {
        try await withFolder { folder in
            let address = isUnix ? SocketAddress.unix(path: folder + "/s") : .anyPort
            try await withListener(at: address, serve: echo) { listener, group in
                let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
                try await connection.write("hello")
                #expect(try await connection.readThrough("hello") == "hello")
                try await connection.shutdownWriting()
                #expect(try await connection.read() == nil)
                #expect(connection.remoteAddress == listener.localAddress)
                #expect(connection.remoteAddress.isUnix == isUnix)
            }
        }
    }

    @Test("much data arrives whole, however slowly it is read")
    func backpressure() async throws {
        try await withListener(serve: { connection in
            try? await connection.write([UInt8](repeating: 7, count: 20_000_000))
        }) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            var count = 0
            while let bytes = try await connection.read(max: 100_000) {
                #expect(bytes.count <= 100_000)
                count += bytes.count
            }
            #expect(count == 20_000_000)
        }
    }

    @Test("connections are spread over the loops, and their bodies run there", arguments: [false, true])
    func spreads(isUnix: Bool) async throws {
        let names = Names()
        try await withFolder { folder in
            try await withListener(
                at: isUnix ? .unix(path: folder + "/s") : .anyPort,
                serve: { connection in
                    names.insert(connection.loop.inLoop ? connection.loop.name : "elsewhere")
                    await echo(connection)
                }
            ) { listener, group in
                // Loops take turns at a Unix socket; between those of an address the kernel chooses, by ports.
                for count in 0..<(isUnix ? 2 : 256) where count < 2 || names.all.count < 2 {
                    let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
                    try await connection.write("x")
                    _ = try await connection.read()
                }
            }
        }
        #expect(names.all == ["test-0", "test-1"])
    }

    @Test("over the limit connections wait until another one closes")
    func limit() async throws {
        let options = ListenerOptions(maximalConnections: 1)
        try await withListener(options: options, serve: echo) { listener, group in
            let first = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await first.write("1")
            #expect(try await first.readThrough("1") == "1")
            let second = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await second.write("2")
            await #expect(throws: TransportError.timedOut(operation: "read")) {
                try await second.read(timeout: .milliseconds(30))
            }
            first.close()
            #expect(try await second.readThrough("2") == "2")
        }
    }

    @Test("a Unix socket's file is its owner's alone, and goes with the listener")
    func unixFile() async throws {
        try await withFolder { folder in
            let path = folder + "/s"
            try await withListener(at: .unix(path: path), serve: echo) { _, _ in
                var status = stat()
                #expect(lstat(path, &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600)
            }
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test("a dead process's socket is replaced, a live one's and other files are not")
    func staleFile() async throws {
        try await withFolder { folder in
            let address = SocketAddress.unix(path: folder + "/s")
            leaveSocket(at: address)
            try await withListener(at: address, serve: echo) { _, group in
                await #expect(throws: TransportError.addressInUse(address)) {
                    try await Listener.bind(to: address, on: group, logger: .silent)
                }
            }
            let file = folder + "/file"
            close(creat(file, 0o600))
            try await withGroup { group in
                await #expect(throws: TransportError.self) {
                    try await Listener.bind(to: .unix(path: file), on: group, logger: .silent)
                }
            }
            #expect(access(file, F_OK) == 0)
        }
    }

    @Test("a port in use is refused, and is free as soon as shutdown returns")
    func port() async throws {
        try await withGroup { group in
            let first = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            async let running: Void = first.run(echo)
            await #expect(throws: TransportError.addressInUse(first.localAddress)) {
                try await Listener.bind(to: first.localAddress, on: group, logger: .silent)
            }
            await first.shutdown(within: .zero)
            let second = try await Listener.bind(to: first.localAddress, on: group, logger: .silent)
            await second.shutdown(within: .zero)
            await running
        }
    }

    @Test("cancelling a run ends its connections at once")
    func cancelled() async throws {
        try await withGroup { group in
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            let running = Task { await listener.run(echo) }
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("x")
            _ = try await connection.read()
            running.cancel()
            await running.value
            #expect(try await connection.read() == nil)
        }
    }
}

/// The names that several tasks found.
private final class Names: Sendable {
    private let names = Mutex<Set<String>>([])

    var all: Set<String> { names.withLock { $0 } }

    func insert(_ name: String) {
        names.withLock { _ = $0.insert(name) }
    }
}

/// Leaves a socket's file behind as a process does that is killed.
private func leaveSocket(at address: SocketAddress) {
    guard case .unix(let path) = address else { return }
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var native = sockaddr_un()
    native.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &native.sun_path) { $0.copyBytes(from: path.utf8) }
    withUnsafePointer(to: &native) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            _ = bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    close(descriptor)
}
