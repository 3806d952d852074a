import CCurl

/// One HTTP request on its way.
final class HTTPTransfer: CurlTransfer {
    typealias Completion = (Result<HTTPClientResponse, HTTPClientError>) -> Void

    private let request: HTTPClientRequest
    private let configuration: HTTPClientConfiguration
    private let completion: Completion
    private let upload: UnsafeMutableRawBufferPointer
    private var headers = HTTPFields()
    private var headerBytes = 0
    private var isInHead = true
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(_ request: HTTPClientRequest, _ configuration: HTTPClientConfiguration, _ completion: @escaping Completion) {
        self.request = request
        self.configuration = configuration
        self.completion = completion
        // curl reads the body from here until the transfer has ended.
        upload = .allocate(byteCount: request.body.count, alignment: 1)
        upload.copyBytes(from: request.body)
        super.init(privateAddresses: request.privateAddresses)
    }

    deinit {
        upload.deallocate()
    }

    /// A Unix socket was chosen by the caller, and behind a proxy the addresses are the proxy's.
    override var checksAddresses: Bool {
        super.checksAddresses && request.unixSocketPath == nil && configuration.proxy == nil
    }

    // MARK: Options

    override func configure(_ easy: CurlEasy) {
        easy.set(CURLOPT_URL, request.url)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        easy.set(CURLOPT_TIMEOUT_MS, Int(max(1, request.timeout.loopMilliseconds)))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.connectTimeout.loopMilliseconds)))
        easy.set(CURLOPT_MAXREDIRS, request.followRedirects)
        easy.set(CURLOPT_FOLLOWLOCATION, request.followRedirects > 0 ? 1 : 0)
        if request.acceptsCompression { easy.set(CURLOPT_ACCEPT_ENCODING, "") }
        if let path = request.unixSocketPath { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let proxy = configuration.proxy { easy.set(CURLOPT_PROXY, proxy) }
        if let exceptions = configuration.proxyExceptions { easy.set(CURLOPT_NOPROXY, exceptions) }
        if let file = configuration.certificateFile { easy.set(CURLOPT_CAINFO, file) }
        configureMethod(easy)
        easy.set(CURLOPT_HTTPHEADER, headerLines)
    }

    private func configureMethod(_ easy: CurlEasy) {
        if request.method == .head {
            easy.set(CURLOPT_NOBODY, 1)
        } else if !request.body.isEmpty || request.method == .post {
            easy.set(CURLOPT_POST, 1)
            easy.set(CURLOPT_POSTFIELDS, pointer: upload.baseAddress)
            easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: upload.count)
            if request.method != .post { easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
        } else if request.method != .get {
            easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    /// curl writes `Name;` for an empty value, and leaves a field of its own out for `Name:`.
    private var headerLines: [String] {
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        lines.append("Expect:")
        if !request.headers.contains("content-type") { lines.append("Content-Type:") }
        if !request.headers.contains("user-agent") { lines.append("User-Agent: \(configuration.userAgent)") }
        return lines
    }

    // MARK: Response

    override func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= request.responseLimit - body.count else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    override func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.headerLimit else {
            isTooLarge = true
            return false
        }
        if line.starts(with: "HTTP/".utf8) {
            // Another response begins: this is the one after a redirect or an interim one.
            headers = HTTPFields()
            isInHead = true
            body = []
        } else if line.first == 0x0D || line.first == 0x0A {
            isInHead = false
        } else if isInHead, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: line[..<colon], as: UTF8.self)
            headers.add(name, Self.value(line[(colon + 1)...]))
        }
        return true
    }

    /// The text of a field's value, without the spaces around it and the end of the line.
    private static func value(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    override func finish(_ code: CURLcode) {
        guard let easy else { return }
        guard code == CURLE_OK else {
            completion(.failure(error(code, easy)))
            return
        }
        let address = easy.text(CURLINFO_PRIMARY_IP).flatMap { IPAddress($0) }
        completion(
            .success(
                HTTPClientResponse(
                    status: HTTPStatus(rawValue: easy.number(CURLINFO_RESPONSE_CODE)), headers: headers, body: body,
                    effectiveURL: easy.text(CURLINFO_EFFECTIVE_URL) ?? request.url,
                    primaryAddress: request.unixSocketPath == nil ? address : nil)))
    }

    override func abandon(_ reason: CurlAbandonment) {
        switch reason {
        case .cancelled: completion(.failure(.cancelled(requestWasSent: wasSent)))
        case .stopped: completion(.failure(.stopped(requestWasSent: wasSent)))
        }
    }

    private func error(_ code: CURLcode, _ easy: CurlEasy) -> HTTPClientError {
        let host = CurlFailure.host(of: request.url)
        if let refusedAddress { return .privateAddress(refusedAddress) }
        if isTooLarge {
            let status = HTTPStatus(rawValue: easy.number(CURLINFO_RESPONSE_CODE))
            return .responseTooLarge(host: host, limit: request.responseLimit, status: status)
        }
        let detail = easy.explain(code)
        switch CurlFailure(code) {
        // curl says the same of an answer that is no HTTP as of a URL that is none.
        case .url where wasSent: return .connectionLost(host: host, detail: detail, requestWasSent: true)
        case .url: return .invalidURL
        case .option: return .invalidRequest(detail)
        case .name: return .unresolvable(host: host)
        case .connection: return .connectionFailed(host: host, detail: detail)
        case .security where !wasSent: return .insecure(host: host, detail: detail)
        case .time: return .timedOut(host: host, requestWasSent: wasSent)
        case .redirects: return .tooManyRedirects(host: host)
        case .security, .other: return .connectionLost(host: host, detail: detail, requestWasSent: wasSent)
        }
    }

    /// The most bytes of header fields of all responses to one request.
    private static var headerLimit: Int { 262_144 }
}
