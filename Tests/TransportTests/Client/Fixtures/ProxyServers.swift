import Glibc
import Synchronization
import Transport

/// What a proxy of a test was asked for.
final class ProxyLog: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}

/// A proxy for CONNECT and for absolute URLs, which goes to one server whatever it is asked for.
struct HTTPProxyServer: Sendable {
    let target: SocketAddress
    let loop: EventLoop
    let log: ProxyLog
    var answersItself: String?

    func serve(_ client: Connection) async {
        do {
            var head: [UInt8] = []
            while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
                guard let more = try await client.read() else { return }
                head += more
            }
            let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
            let secret = lines.first { $0.hasPrefix("Proxy-Authorization: ") }.map { " \($0.dropFirst(21))" } ?? ""
            log.add("\(lines[0])\(secret)")
            if let answersItself {
                try await client.write(answersItself)
                return
            }
            let server = try await Connection.connect(to: target, on: loop)
            if lines[0].hasPrefix("CONNECT ") {
                try await client.write("HTTP/1.1 200 Go\r\nX-Proxy: 1\r\n\r\n")
            } else {
                try await server.write(head)
            }
            await relay(client, server)
        } catch {
            log.add("\(error)")
        }
    }
}

/// A SOCKS 5 proxy (RFC 1928, RFC 1929), which goes to one server whatever it is asked for.
struct SOCKSServer: Sendable {
    let target: SocketAddress
    let loop: EventLoop
    let log: ProxyLog

    func serve(_ client: Connection) async {
        do {
            guard let hello = try await client.read() else { return }
            let wantsPassword = hello.dropFirst(2).contains(2)
            try await client.write([5, wantsPassword ? 2 : 0])
            if wantsPassword {
                guard let word = try await client.read() else { return }
                let user = word[2..<(2 + Int(word[1]))]
                log.add("user \(String(decoding: user, as: UTF8.self))")
                try await client.write([1, 0])
            }
            guard let request = try await client.read() else { return }
            log.add(request[3] == 3 ? "name \(String(decoding: request[5...].dropLast(2), as: UTF8.self))" : "address")
            let server = try await Connection.connect(to: target, on: loop)
            try await client.write([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            await relay(client, server)
        } catch {
            log.add("\(error)")
        }
    }
}

private func relay(_ client: Connection, _ server: Connection) async {
    await withTaskGroup(of: Void.self) { group in
        for (from, to) in [(client, server), (server, client)] {
            group.addTask {
                while let bytes = try? await from.read() {
                    guard (try? await to.write(bytes)) != nil else { break }
                }
                to.close()
            }
        }
    }
}
