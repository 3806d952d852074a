import CCurl

/// A connection that curl opens, through proxies and TLS, and that another protocol then goes by
/// (CURLOPT_CONNECT_ONLY).
///
/// curl needs the easy handle, in its multi handle, as long as the connection lives.
final class HTTPTunnelTransfer: HTTPTransfer {
    private let opened: (TunnelHandle) -> Void
    private let completion: HTTPCollectingTransfer.Completion
    private weak var tunnel: TunnelHandle?
    private var isOpen = false

    /// Creates the transfer; `opened` gets the connection just before the completion.
    init(
        _ exchange: HTTPExchange, _ url: CurlURL, _ configuration: HTTPClientConfiguration,
        opened: @escaping (TunnelHandle) -> Void, _ completion: @escaping HTTPCollectingTransfer.Completion
    ) {
        self.opened = opened
        self.completion = completion
        super.init(exchange, url, configuration)
    }

    /// A connection of this kind may live for days: no limit for requests counts it.
    override var hostKey: HostKey? { nil }

    override var keepsConnection: Bool { true }

    override func configure(_ easy: CurlEasy) {
        super.configure(easy)
        easy.set(CURLOPT_CONNECT_ONLY, 1)
        easy.set(CURLOPT_HTTPPROXYTUNNEL, 1)
        easy.set(CURLOPT_FRESH_CONNECT, 1)
    }

    override func succeed() {
        guard let easy, let owner, let tunnel = TunnelHandle(easy, self, of: owner) else {
            fail(.connectionLost(host: host, detail: "the connection is gone", requestWasSent: false))
            return
        }
        isOpen = true
        self.tunnel = tunnel
        opened(tunnel)
        completion(.success(response))
    }

    override func fail(_ error: HTTPClientError) {
        // Once it is open, who uses the connection is told by its own calls.
        guard !isOpen else {
            tunnel?.close(because: .closed)
            return
        }
        isOpen = true
        completion(.failure(error))
    }
}
