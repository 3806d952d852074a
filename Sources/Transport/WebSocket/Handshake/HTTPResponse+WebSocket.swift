extension HTTPResponse {
    /// Answers a request that asks for a WebSocket (RFC 6455 §4.2; RFC 8441 is presented as the same), or says what is
    /// wrong with it: 426 without a handshake of version 13, 403 for a page that may not, 400 for the rest.
    ///
    /// - Parameters:
    ///   - request: The request; who may ask is the caller's to check.
    ///   - protocols: The subprotocols that the endpoint speaks; the first one of the client's list that is among them
    ///     is chosen, and none if there is none.
    ///   - origins: The pages that may ask.
    ///   - configuration: The limits.
    ///   - run: Talks to the client, until it returns, which closes the WebSocket with 1000, or throws, which closes it
    ///     with 1011. Its task is cancelled when the WebSocket has ended.
    /// - Returns: The response.
    public static func webSocket(
        for request: HTTPRequest, protocols: [String] = [], origins: WebSocketOrigins = .same,
        configuration: WebSocketConfiguration = WebSocketConfiguration(),
        run: @escaping @Sendable (WebSocket) async throws -> Void
    ) -> HTTPResponse {
        if let refusal = refusal(of: request, origins) { return refusal }
        guard let key = request.headers["sec-websocket-key"], let answer = WebSocketKey.answer(to: key) else {
            return .problem(.internalServerError, "the handshake cannot be answered")
        }
        var response = HTTPResponse(.switchingProtocols, headers: ["Upgrade": "websocket"])
        response.headers.add("Sec-WebSocket-Accept", answer)
        let wanted = request.headers.list("sec-websocket-protocol").map { String($0) }
        let subprotocol = wanted.first { protocols.contains($0) }
        if let subprotocol { response.headers.add("Sec-WebSocket-Protocol", subprotocol) }
        let offers = WebSocketExtensionOffer.parse(request.headers) ?? []
        let agreed = configuration.compression.flatMap { WebSocketDeflate.accept(offers, $0) }
        if let agreed { response.headers.add("Sec-WebSocket-Extensions", agreed.answer) }
        response.body = .webSocket(
            WebSocketUpgrade(
                configuration: configuration, subprotocol: subprotocol, deflate: agreed?.deflate, run: run))
        return response
    }

    private static func refusal(of request: HTTPRequest, _ origins: WebSocketOrigins) -> HTTPResponse? {
        let headers = request.headers
        guard request.method == .get else {
            return .problem(.methodNotAllowed, "a WebSocket begins with GET", headers: ["Allow": "GET"])
        }
        guard !request.head.isHTTP10, headers.has("websocket", in: "upgrade"), headers.has("upgrade", in: "connection"),
            headers.values("sec-websocket-version") == ["13"]
        else {
            return .problem(
                .upgradeRequired, "this is a WebSocket, version 13: a handshake is needed",
                headers: ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"])
        }
        let keys = headers.values("sec-websocket-key")
        guard keys.count == 1, WebSocketKey.isValid(keys[0]) else {
            return .problem(.badRequest, "Sec-WebSocket-Key must be the base64 of 16 bytes")
        }
        guard request.body.isEmpty, request.bodyReader == nil else {
            return .problem(.badRequest, "a handshake has no body")
        }
        guard WebSocketExtensionOffer.parse(headers) != nil else {
            return .problem(.badRequest, "Sec-WebSocket-Extensions is malformed")
        }
        guard origins.allows(request.head) else {
            return .problem(.forbidden, "pages of this origin may not open a WebSocket here")
        }
        return nil
    }
}

extension HTTPFields {
    /// Tells whether a list has this element, in whatever case.
    fileprivate func has(_ element: String, in name: String) -> Bool {
        list(name).contains { HTTPFields.isEqual($0, element) }
    }
}

extension HTTPRequestHead {
    /// Presents an extended CONNECT of HTTP/2 with `:protocol` `websocket` (RFC 8441 §5) as the handshake of HTTP/1.1.
    ///
    /// The key, which HTTP/2 has not, is a fixed one; ``HTTPResponse/becomeConnectResponse()`` takes the answer away.
    mutating func becomeWebSocketHandshake() {
        method = .get
        headers["Upgrade"] = "websocket"
        headers["Connection"] = "Upgrade"
        headers["Sec-WebSocket-Key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
    }
}

extension HTTPResponse {
    /// Turns the answer to a handshake into the one of HTTP/2: 200, without the fields of HTTP/1.1 (RFC 8441 §5).
    mutating func becomeConnectResponse() {
        status = .ok
        for name in ["Upgrade", "Connection", "Sec-WebSocket-Accept"] { headers[name] = nil }
    }
}
