import Glibc
import Testing
import Transport

@Suite struct HandoverTests {
    @Test("a successor gets the sockets and the line, and nothing else that is open")
    func starts() async throws {
        try await withGroup { group in
            let sockets = ListeningSockets()
            let listener = try await Listener.bind(
                to: .anyPort, on: group, sockets: sockets, name: "http", logger: .silent)
            let report = """
                n=0; for f in /proc/self/fd/*; do n=$((n+1)); done
                echo "ready $HANDOVER_FDNAMES $LISTEN_FDS $((HANDOVER_PID == PPID)) $KEPT" >&3
                read word <&3; echo "failed got $word" >&3
                """
            let successor = try await start(report, ["LISTEN_FDS": "7", "KEPT": "kept"], sockets, group)
            #expect(try await successor.link.receive(within: .seconds(30)) == .ready(version: "http:http  1 kept"))
            try await successor.link.send(.go)
            #expect(try await successor.link.receive(within: .seconds(30)) == .failed(reason: "got go"))
            #expect(try await successor.link.receive(within: .seconds(30)) == nil)
            await successor.end()
            await listener.shutdown(within: .zero)
        }
    }

    @Test("what is open here is closed there")
    func closesOthers() async throws {
        try await withGroup { group in
            let open = open("/dev/null", O_RDONLY)
            defer { close(open) }
            let script = "[ -e /proc/self/fd/\(open) ] && echo 'ready open' >&3 || echo 'ready closed' >&3"
            let successor = try await start(script, [:], ListeningSockets(), group)
            #expect(try await successor.link.receive(within: .seconds(30)) == .ready(version: "closed"))
            await successor.end()
        }
    }

    @Test("a successor that ends is heard of, and one that does not is ended")
    func ends() async throws {
        try await withGroup { group in
            let gone = try await start("exit 3", [:], ListeningSockets(), group)
            #expect(try await gone.link.receive(within: .seconds(30)) == nil)
            await gone.end()
            let stubborn = try await start("trap '' TERM; exec sleep 1000", [:], ListeningSockets(), group)
            await #expect(throws: TransportError.timedOut(operation: "read")) {
                try await stubborn.link.receive(within: .milliseconds(10))
            }
            await stubborn.end()
            #expect(kill(stubborn.process, 0) != 0)
        }
    }

    @Test("a program that is not there is an error")
    func missing() async throws {
        try await withGroup { group in
            await #expect(throws: TransportError.self) {
                try await Successor.start(
                    "/nonexistent/program", arguments: ["program"], environment: [:], sockets: ListeningSockets(),
                    on: group.next())
            }
        }
    }

    @Test(
        "a message comes as it went, whatever is in it",
        arguments: [
            .ready(version: "1.2.3"), .failed(reason: "routes.yaml:1:2: no\nsecond line\\n\\"), .failed(reason: ""),
            .go,
            .serving,
        ] as [HandoverMessage])
    func messages(message: HandoverMessage) async throws {
        try await withGroup { group in
            let echo = try await start(
                "while IFS= read -r line <&3; do printf '%s\\n' \"$line\" >&3; done", [:],
                ListeningSockets(), group)
            try await echo.link.send(message)
            #expect(try await echo.link.receive(within: .seconds(30)) == message)
            await echo.end()
        }
    }

    @Test("words that mean nothing end the line")
    func nonsense() async throws {
        try await withGroup { group in
            for word in ["", "readiness 1", "ready", "go on"] {
                let successor = try await start("echo '\(word)' >&3; exec sleep 1000", [:], ListeningSockets(), group)
                #expect(try await successor.link.receive(within: .seconds(30)) == nil, "\(word)")
                await successor.end()
            }
        }
    }

    @Test("variables that another process was meant to read are no inheritance")
    func notForUs() async throws {
        try await withGroup { group in
            let inheritance = try Inheritance(
                ["HANDOVER_PID": "1", "HANDOVER_FDNAMES": "http"], process: 5, parent: 4)
            #expect(try await inheritance.link(on: group.next()) == nil)
            #expect(ListeningSockets(inheritance.sockets).unused.isEmpty)
        }
    }
}

private func start(
    _ script: String, _ environment: [String: String], _ sockets: ListeningSockets, _ group: EventLoopGroup
) async throws -> Successor {
    let environment = environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
    return try await Successor.start(
        "/bin/sh", arguments: ["sh", "-c", script], environment: environment, sockets: sockets, on: group.next())
}
