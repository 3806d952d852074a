import Glibc
import Logging
import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct ListenerShortageTests {
    @Test("out of descriptors, connections wait, the log says so once, and accepting goes on by itself")
    func shortage() async throws {
        let failures = Atomic<Int>(3)
        let log = LogRecorder()
        try await withGroup { group in
            let listener = try Listener.bind(to: .anyPort, on: group, logger: Logger(sink: log)) {
                failures.subtract(1, ordering: .relaxed).oldValue > 0 ? -EMFILE : nil
            }
            async let running: Void = listener.run { _ = try? await $0.write(Array("served".utf8)) }
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            #expect(try await connection.readAll() == "served")
            await listener.shutdown(within: .zero)
            await running
        }
        #expect(log.events.filter { $0.name == "cannot accept, connections wait" }.count == 1)
        #expect(log.events.contains { $0.name == "accepting again" })
    }

    @Test("the limit holds over all loops, and whoever waits is served when another leaves")
    func limit() async throws {
        let open = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        let options = ListenerOptions(maximalConnections: 3)
        try await withListener(
            options: options,
            serve: { connection in
                most.max(open.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
                _ = try? await connection.read()
                open.subtract(1, ordering: .relaxed)
                _ = try? await connection.write(Array("done".utf8))
            }
        ) { listener, group in
            try await withThrowingTaskGroup { tasks in
                for _ in 0..<40 {
                    tasks.addTask {
                        let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
                        try await connection.write("x")
                        #expect(try await connection.readAll() == "done")
                    }
                }
                try await tasks.waitForAll()
            }
        }
        #expect((1...3).contains(most.load(ordering: .relaxed)))
    }
}
