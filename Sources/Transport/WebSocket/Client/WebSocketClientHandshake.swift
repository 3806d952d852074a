/// The client's side of the handshake (RFC 6455 §4.1).
struct WebSocketClientHandshake {
    private let request: WebSocketRequest
    private let url: CurlURL
    private let key: String
    private let userAgent: String
    /// What the deadline of the request leaves.
    private let deadline: Deadline
    private var received: [UInt8] = []

    init(
        _ request: WebSocketRequest, _ url: CurlURL, userAgent: String, _ deadline: Deadline,
        random: @Sendable () -> UInt64
    ) {
        self.request = request
        self.url = url
        self.userAgent = userAgent
        self.deadline = deadline
        key = WebSocketKey.make(random)
    }

    /// What the server has agreed to.
    struct Agreement {
        var subprotocol: String?
        var deflate: WebSocketDeflate?
        /// Bytes behind the answer's head.
        var received: [UInt8]
    }

    /// Asks, and checks the answer.
    mutating func perform(on stream: some ByteStream) async throws(WebSocketConnectError) -> Agreement {
        do throws(TransportError) {
            try await stream.write(requestHead, timeout: deadline.remaining ?? .zero)
        } catch {
            throw .lost(host: url.authority, error)
        }
        while true {
            let head = try await readHead(from: stream)
            switch head.status.rawValue {
            case 101: return try agree(head)
            case 100..<200: continue
            default: throw await refusal(head, from: stream)
            }
        }
    }

    private func bad(_ detail: String) -> WebSocketConnectError { .badHandshake(host: url.authority, detail: detail) }
}

// MARK: - The request

extension WebSocketClientHandshake {
    private var requestHead: [UInt8] {
        var fields = request.headers
        for name in ["Host", "Upgrade", "Connection", "Content-Length", "Transfer-Encoding"] { fields[name] = nil }
        for name in ["Key", "Version", "Protocol", "Extensions"] { fields["Sec-WebSocket-\(name)"] = nil }
        fields["Upgrade"] = "websocket"
        fields["Connection"] = "Upgrade"
        fields["Sec-WebSocket-Key"] = key
        fields["Sec-WebSocket-Version"] = "13"
        if !fields.contains("user-agent") { fields["User-Agent"] = userAgent }
        if !request.protocols.isEmpty {
            fields["Sec-WebSocket-Protocol"] = request.protocols.joined(separator: ", ")
        }
        if let compression = request.configuration.compression {
            fields["Sec-WebSocket-Extensions"] = WebSocketDeflate.offer(compression)
        }
        if let credentials = url.credentials, !fields.contains("authorization") {
            fields["Authorization"] =
                "Basic " + WebSocketKey.base64(Array("\(credentials.user):\(credentials.password)".utf8))
        }
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("GET \(target) HTTP/1.1\r\nHost: \(url.authority)\r\n\(lines)\r\n".utf8)
    }

    /// The path and the query.
    private var target: Substring {
        let text = url.text.prefix { $0 != "#" }
        let rest = text.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" && $0 != "?" }
        return rest.first == "/" ? rest : "/" + rest
    }
}

// MARK: - The answer

extension WebSocketClientHandshake {
    fileprivate struct Head {
        var status: HTTPStatus
        var headers: HTTPFields
    }

    /// The most bytes of a head.
    private static var headLimit: Int { 32_768 }

    private mutating func readHead(from stream: some ByteStream) async throws(WebSocketConnectError) -> Head {
        while true {
            if let end = Self.endOfHead(received) {
                let text = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end)
                guard let head = Head(text) else { throw bad("its answer is no HTTP/1.1") }
                return head
            }
            guard received.count <= Self.headLimit else { throw bad("the head of its answer is too long") }
            do throws(TransportError) {
                let time = deadline.remaining ?? .zero
                guard let bytes = try await stream.read(max: 16_384, timeout: time) else { throw .closed }
                received += bytes
            } catch {
                throw .lost(host: url.authority, error)
            }
        }
    }

    /// Where the bytes behind the first empty line begin.
    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...bytes.count - 4).first { bytes[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) }.map { $0 + 4 }
    }

    private func agree(_ head: Head) throws(WebSocketConnectError) -> Agreement {
        let headers = head.headers
        guard headers.list("upgrade").count == 1, HTTPFields.isEqual(headers.list("upgrade")[0], "websocket"),
            headers.list("connection").contains(where: { HTTPFields.isEqual($0, "upgrade") })
        else { throw bad("its answer does not upgrade to WebSocket") }
        guard let answer = WebSocketKey.answer(to: key), headers.values("sec-websocket-accept") == [answer] else {
            throw bad("its answer does not fit the key that was sent")
        }
        let chosen = headers.values("sec-websocket-protocol")
        guard chosen.count <= 1, chosen.allSatisfy({ request.protocols.contains($0) }) else {
            throw bad("it chose a subprotocol that was not offered")
        }
        do throws(WebSocketViolation) {
            let offers = WebSocketExtensionOffer.parse(headers)
            let deflate = try WebSocketDeflate.agree(offers, request.configuration.compression)
            return Agreement(subprotocol: chosen.first, deflate: deflate, received: received)
        } catch {
            throw bad(error.detail)
        }
    }

    /// The refusal with the beginning of its body, as far as that comes at once.
    private func refusal(_ head: Head, from stream: some ByteStream) async -> WebSocketConnectError {
        var body = received
        let wanted = min(512, head.headers["content-length"].flatMap { Int($0) } ?? 512)
        let patience = Deadline(after: .seconds(2))
        while body.count < wanted, let time = patience.remaining, let left = deadline.remaining {
            do throws(TransportError) {
                guard let bytes = try await stream.read(max: 512, timeout: min(time, left)) else { break }
                body += bytes
            } catch {
                // The status alone says enough.
                break
            }
        }
        let text = String(decoding: body.prefix(max(0, wanted)), as: UTF8.self)
        return .refused(
            host: url.authority, status: head.status, retryAfter: head.headers["retry-after"],
            text: String(text.map { $0.isNewline ? " " : $0 }))
    }
}

extension WebSocketClientHandshake.Head {
    /// Reads a head with its empty line; nil for one that is not of HTTP/1.1.
    fileprivate init?(_ text: String) {
        var lines = text.split(separator: "\r\n")[...]
        guard let first = lines.popFirst(), first.hasPrefix("HTTP/1.1 "), let code = Int(first.dropFirst(9).prefix(3)),
            (100...999).contains(code)
        else { return nil }
        status = HTTPStatus(rawValue: code)
        headers = HTTPFields()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].isHTTPToken else { return nil }
            headers.add(String(parts[0]), String(parts[1].trimmingHTTPSpace()))
        }
    }
}
