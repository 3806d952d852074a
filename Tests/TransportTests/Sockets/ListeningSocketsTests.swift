import Glibc
import Testing
import Transport

@Suite struct ListeningSocketsTests {
    @Test("kept sockets outlive their listener, and a connection that waits is served by the next one")
    func kept() async throws {
        try await withGroup { group in
            let sockets = ListeningSockets()
            let first = try await bind(.anyPort, group, sockets)
            let address = first.localAddress
            async let running: Void = first.run { _ in }
            await first.shutdown(within: .zero)
            await running
            let waiting = try await Connection.connect(to: address, on: group.next())
            sockets.putBack()
            let second = try await bind(address, group, sockets)
            async let runningAgain: Void = second.run { _ = try? await $0.write(Array("second".utf8)) }
            #expect(try await waiting.readAll() == "second")
            sockets.close()
            await second.shutdown(within: .zero)
            await runningAgain
            await #expect(throws: TransportError.self) {
                try await Connection.connect(to: address, on: group.next())
            }
        }
    }

    @Test("a port that any other process listens on is refused, also one that shares it between loops")
    func exclusive() async throws {
        try await withGroup { group in
            let sockets = ListeningSockets()
            let first = try await bind(.anyPort, group, sockets)
            await #expect(throws: TransportError.addressInUse(first.localAddress)) {
                try await bind(first.localAddress, group, ListeningSockets())
            }
            sockets.close()
            await first.shutdown(within: .zero)
        }
    }

    @Test("sockets that a service manager passed are found by address, else by name; the others can be told")
    func passed() async throws {
        let byAddress = listeningSocket()
        let byName = listeningSocket()
        let neither = listeningSocket()
        try await withGroup { group in
            let sockets = ListeningSockets(
                try InheritedSockets.adopt(
                    [(byAddress, "x"), (byName, "smtp"), (neither, "unknown")], areNamed: true))
            let first = try await bind(address(of: byAddress), group, sockets)
            #expect(first.localAddress == address(of: byAddress))
            let second = try await bind(.ip(.v4(0x7F00_0001), port: 1), group, sockets, name: "smtp")
            #expect(second.localAddress == address(of: byName))
            #expect(sockets.unused == [address(of: neither)])
            for listener in [first, second] { await listener.shutdown(within: .zero) }
        }
    }

    @Test("variables for another process, or none, pass nothing")
    func notForUs() throws {
        let passed = ["LISTEN_FDS": "1", "LISTEN_PID": "1"]
        for environment in [
            passed, [:], ["LISTEN_FDS": "0", "LISTEN_PID": "5"], ["LISTEN_FDS": "x", "LISTEN_PID": "5"],
        ] {
            #expect(ListeningSockets(try InheritedSockets.passed(environment, process: 5)).unused.isEmpty)
        }
    }

    @Test("a descriptor that does not listen is refused, and says what it is")
    func notListening() throws {
        let closed: Int32 = 9_999
        let file = open("/dev/null", O_RDONLY)
        let unbound = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(file)
            close(unbound)
        }
        for (descriptor, reason) in [(closed, "is not open"), (file, "is no socket"), (unbound, "takes no stream")] {
            let error = #expect(throws: TransportError.self) {
                try InheritedSockets.adopt([(descriptor, "")], areNamed: true)
            }
            #expect("\(error, default: "")".contains(reason))
        }
    }

    @Test("a Unix socket's file stays with a process that has taken it over", arguments: [false, true])
    func file(leaves: Bool) async throws {
        try await withFolder { folder in
            try await withGroup { group in
                let sockets = ListeningSockets()
                let listener = try await bind(.unix(path: folder + "/s"), group, sockets)
                sockets.leaveFiles(true)
                if !leaves { sockets.leaveFiles(false) }
                sockets.close()
                await listener.shutdown(within: .zero)
            }
            #expect((access(folder + "/s", F_OK) == 0) == leaves)
        }
    }
}

private func bind(
    _ address: SocketAddress, _ group: EventLoopGroup, _ sockets: ListeningSockets, name: String? = nil
) async throws -> Listener {
    try await Listener.bind(to: address, on: group, sockets: sockets, name: name, logger: .silent)
}

/// A socket that listens on a free port.
private func listeningSocket() -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    listen(descriptor, 5)
    return descriptor
}

private func address(of descriptor: Int32) -> SocketAddress {
    var native = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &native) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return .ip(.v4(UInt32(bigEndian: native.sin_addr.s_addr)), port: UInt16(bigEndian: native.sin_port))
}
