import Glibc
import Testing
import Transport

@Suite struct ServiceManagerTests {
    @Test("the manager is told, at a path and at an abstract name", arguments: [false, true])
    func told(isAbstract: Bool) async throws {
        try await withFolder { folder in
            let name = isAbstract ? "@\(folder)" : "\(folder)/s"
            let receiver = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(receiver) }
            #expect(bindUnix(receiver, name))
            let manager = ServiceManager(["NOTIFY_SOCKET": name])
            try manager.tell(.ready("serving\nall"))
            #expect(receive(receiver) == "READY=1\nSTATUS=serving all\nMAINPID=\(getpid())")
            try manager.tell(.reloading)
            #expect(receive(receiver).wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*/) != nil)
            try manager.tell(.succeeded(by: 7))
            #expect(receive(receiver) == "MAINPID=7")
            try manager.tell(.alive)
            #expect(receive(receiver) == "WATCHDOG=1")
            try manager.tell(.stopping)
            #expect(receive(receiver) == "STOPPING=1")
        }
    }

    @Test("without a manager nothing happens, and one that is gone is an error")
    func gone() throws {
        try ServiceManager([:]).tell(.stopping)
        try ServiceManager(["NOTIFY_SOCKET": "relative"]).tell(.stopping)
        #expect(throws: TransportError.self) {
            try ServiceManager(["NOTIFY_SOCKET": "/nonexistent/socket"]).tell(.stopping)
        }
    }

    @Test(
        "the watchdog is ours when it names us or nobody",
        arguments: [
            (["WATCHDOG_USEC": "2000000"], 2), (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "5"], 2),
            (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "6"], nil), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "x"], nil), ([:], nil),
        ] as [([String: String], Int?)])
    func watchdog(environment: [String: String], seconds: Int?) {
        #expect(ServiceManager(environment, process: 5).watchdog == seconds.map { .seconds($0) })
    }
}

/// Binds a datagram socket to a path, or to an abstract name that begins with `@`.
private func bindUnix(_ descriptor: Int32, _ name: String) -> Bool {
    var native = sockaddr_un()
    native.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &native.sun_path) {
        $0.copyBytes(from: name.utf8)
        if name.hasPrefix("@") { $0[0] = 0 }
    }
    let length = MemoryLayout<sa_family_t>.size + name.utf8.count + (name.hasPrefix("@") ? 0 : 1)
    return withUnsafePointer(to: &native) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) == 0 }
    }
}

private func receive(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
}
