import CCurl

/// One HTTP request on its way to one server: what is sent, and how the answer begins; the subclasses take its body.
class HTTPTransfer: CurlTransfer {
    let request: HTTPClientRequest
    let url: CurlURL
    let upload: HTTPUpload?
    let deadline: Deadline
    private let configuration: HTTPClientConfiguration
    private let bytes: UnsafeMutableRawBufferPointer
    private(set) var reader = HTTPHeadReader()
    private(set) var isTooLarge = false
    private var bodyCount = 0
    /// Whether the body is that of a redirect that is followed, which nobody reads.
    private var skipsBody = false
    private var idle: HTTPIdleTimer?

    init(_ exchange: HTTPExchange, _ url: CurlURL, _ configuration: HTTPClientConfiguration) {
        request = exchange.request
        upload = exchange.upload
        deadline = exchange.deadline
        self.url = url
        self.configuration = configuration
        // curl reads the body from here until the transfer has ended.
        bytes = .allocate(byteCount: request.body.count, alignment: 1)
        bytes.copyBytes(from: request.body)
        super.init(privateAddresses: request.privateAddresses)
    }

    deinit {
        bytes.deallocate()
    }

    // MARK: For the subclasses

    /// Whether the response, or the request, comes piece by piece.
    var isStreamed: Bool { upload != nil }

    /// Takes the last head of the answer.
    func receiveHead() {}

    /// Takes bytes of the body; false breaks the transfer off.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool { true }

    /// The answer has arrived whole.
    func succeed() {}

    /// There is no answer, or not all of it.
    func fail(_ error: HTTPClientError) {}

    override func didResume() {
        idle?.moved()
    }

    /// Makes the error one of size, for a subclass that returns false after it.
    func breakOffAsTooLarge() {
        isTooLarge = true
    }

    /// Whether the transfer stands still because our own end takes nothing, or gives nothing.
    var isHeldUp: Bool { upload?.isPaused == true }

    /// The head as a response with an empty body.
    var response: HTTPClientResponse {
        let address = request.unixSocketPath == nil ? easy?.text(CURLINFO_PRIMARY_IP).flatMap { IPAddress($0) } : nil
        return HTTPClientResponse(
            status: reader.status, headers: reader.headers, effectiveURL: url.text, primaryAddress: address)
    }

    // MARK: Options

    /// The host as errors name it.
    var host: String { url.authority }

    override var hostKey: HostKey? {
        let mayShare = request.version == .http2 || url.isSecure && request.version == .negotiated && !isStreamed
        let origin = request.unixSocketPath ?? "\(url.isSecure ? "s" : "")//\(url.authority)"
        return HostKey(origin: origin, security: request.security ?? configuration.security, mayShare: mayShare)
    }

    override var timeLeft: Duration { deadline.remaining ?? .zero }

    /// A Unix socket was chosen by the caller, and behind a proxy the addresses are the proxy's.
    override var checksAddresses: Bool {
        super.checksAddresses && request.unixSocketPath == nil && proxy == nil
    }

    private var proxy: HTTPProxy? {
        guard let proxy = configuration.proxy, request.unixSocketPath == nil,
            !configuration.proxyExceptions.contains(host: url.host, port: url.port)
        else { return nil }
        return proxy
    }

    /// The address that is refused before anything is resolved, if the host is one, or this machine's own name.
    var refusedHost: IPAddress? {
        guard request.privateAddresses == .refused, request.unixSocketPath == nil else { return nil }
        if let address = url.address { return address.isPrivate ? address : nil }
        let name = url.host.hasSuffix(".") ? url.host.dropLast() : url.host[...]
        return name == "localhost" || name.hasSuffix(".localhost") ? .v4(0x7F00_0001) : nil
    }

    override func configure(_ easy: CurlEasy) {
        easy.set(CURLOPT_CURLU, pointer: UnsafeMutableRawPointer(url.handle))
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_TIMEOUT_MS, max(1, Int(timeLeft.loopMilliseconds)))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(request.connectTimeout.loopMilliseconds)))
        if request.acceptsCompression { easy.set(CURLOPT_ACCEPT_ENCODING, "") }
        if let path = request.unixSocketPath { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let proxy { easy.setProxy(proxy) }
        easy.setSecurity(request.security ?? configuration.security)
        configureVersion(easy)
        configureMethod(easy)
        easy.set(CURLOPT_HTTPHEADER, headerLines)
        if let owner, let timeout = request.idleTimeout {
            idle = HTTPIdleTimer(timeout, on: owner.loop) { [unowned self] in
                guard !isHeldUp, wasSent else { return true }
                owner.end(self, .timedOut)
                return false
            }
        }
    }

    private func configureVersion(_ easy: CurlEasy) {
        switch request.version {
        case .negotiated:
            easy.set(CURLOPT_HTTP_VERSION, Int(isStreamed ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS))
        case .http1: easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        case .http2: easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE))
        }
        if isStreamed, request.version == .http2 {
            // A stream that is paused holds up the others of its connection.
            easy.set(CURLOPT_FRESH_CONNECT, 1)
            easy.set(CURLOPT_FORBID_REUSE, 1)
        }
    }

    private func configureMethod(_ easy: CurlEasy) {
        if let upload {
            easy.set(CURLOPT_UPLOAD, 1)
            easy.set(CURLOPT_INFILESIZE_LARGE, offset: upload.count ?? -1)
            easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            easy.set(CURLOPT_READDATA, pointer: Unmanaged<CurlTransfer>.passUnretained(self).toOpaque())
            easy.check(ccurl_set_reader(easy.handle) { HTTPTransfer.read($0, $1, $2, $3) })
        } else if request.method == .head {
            easy.set(CURLOPT_NOBODY, 1)
        } else if !request.body.isEmpty || request.method == .post {
            easy.set(CURLOPT_POST, 1)
            easy.set(CURLOPT_POSTFIELDS, pointer: bytes.baseAddress)
            easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: bytes.count)
            if request.method != .post { easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
        } else if request.method != .get {
            easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    /// curl writes `Name;` for an empty value, and leaves a field of its own out for `Name:`.
    private var headerLines: [String] {
        var lines: [String] = []
        lines.reserveCapacity(request.headers.count + 3)
        for field in request.headers where !field.isFraming {
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        lines.append("Expect:")
        if !request.headers.contains("content-type") { lines.append("Content-Type:") }
        if !request.headers.contains("user-agent") { lines.append("User-Agent: \(configuration.userAgent)") }
        return lines
    }

    // MARK: Response

    override func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        idle?.moved()
        bodyCount += bytes.count
        if skipsBody { return bodyCount <= Self.skippedLimit }
        guard bodyCount <= request.responseLimit else {
            isTooLarge = true
            return false
        }
        return receiveBody(bytes)
    }

    override func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        idle?.moved()
        switch reader.take(line) {
        case .part: return true
        case .tooLarge:
            isTooLarge = true
            return false
        case .end:
            owner?.learned(self, isSharing: reader.isHTTP2)
            skipsBody = request.followRedirects > 0 && HTTPRedirect.isRedirect(reader.status, reader.headers)
            receiveHead()
            if skipsBody, upload != nil { return false }
            if reader.status.rawValue >= 400, let upload {
                // Whatever is not sent yet is not wanted.
                upload.close()
                stopSending()
            }
            return true
        }
    }

    override func finish(_ code: CURLcode) {
        leave()
        if code == CURLE_OK || skipsBody && (bodyCount > Self.skippedLimit || upload != nil) {
            succeed()
        } else {
            fail(error(code))
        }
    }

    override func abandon(_ reason: CurlAbandonment) {
        leave()
        switch reason {
        case .cancelled: fail(.cancelled(requestWasSent: wasSent))
        case .stopped: fail(.stopped(requestWasSent: wasSent))
        case .timedOut: fail(.timedOut(host: host, requestWasSent: wasSent))
        case .refused: fail(.tooManyWaiting(host: host))
        }
    }

    private func leave() {
        idle?.close()
        idle = nil
        upload?.close()
    }

    private func error(_ code: CURLcode) -> HTTPClientError {
        if let refusedAddress { return .privateAddress(refusedAddress) }
        if isTooLarge { return .responseTooLarge(host: host, limit: request.responseLimit, status: reader.status) }
        if let failure = upload?.failure {
            return .bodyFailed(host: host, detail: failure.detail, requestWasSent: wasSent)
        }
        if code == CURLE_SEND_FAIL_REWIND {
            let detail = "it would have to be sent again, and its body can be sent only once"
            return .connectionLost(host: host, detail: detail, requestWasSent: wasSent)
        }
        let detail = easy?.explain(code) ?? ""
        switch CurlFailure(code) {
        // curl says the same of an answer that is no HTTP as of a URL that is none.
        case .url where wasSent: return .connectionLost(host: host, detail: detail, requestWasSent: true)
        case .url: return .invalidURL
        case .option: return .invalidRequest(detail)
        case .name: return .unresolvable(host: host)
        case .connection: return .connectionFailed(host: host, detail: detail)
        case .security where !wasSent: return .insecure(host: host, detail: detail)
        case .time: return .timedOut(host: host, requestWasSent: wasSent)
        case .security, .other: return .connectionLost(host: host, detail: detail, requestWasSent: wasSent)
        }
    }

    /// How much of a redirect's body is read for the sake of its connection.
    private static var skippedLimit: Int { 65_536 }
}

extension HTTPFields.Field {
    /// Whether the field says where the body ends, which is curl's to say.
    fileprivate var isFraming: Bool {
        HTTPFields.isEqual(name, "content-length") || HTTPFields.isEqual(name, "transfer-encoding")
    }
}

// MARK: - Callbacks

extension HTTPTransfer {
    private static func read(
        _ target: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
    ) -> Int {
        guard let transfer = CurlTransfer.of(data) as? HTTPTransfer, let upload = transfer.upload else {
            return Int(CURL_READFUNC_ABORT)
        }
        transfer.idle?.moved()
        switch upload.read(into: UnsafeMutableRawBufferPointer(start: target, count: size * count)) {
        case .bytes(let count): return count
        case .none:
            transfer.didPauseSending()
            return Int(CURL_READFUNC_PAUSE)
        case .end: return 0
        case .failure: return Int(CURL_READFUNC_ABORT)
        }
    }
}
