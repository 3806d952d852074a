import CCurl

/// One mail on its way, on a thread of its own: curl waits for the reply to a message by blocking (`smtp_done`, in the
/// multi interface too).
final class SMTPTransfer: CurlTransfer {
    typealias Completion = (Result<SMTPResponse, SMTPError>) -> Void

    private let request: SMTPRequest
    private let configuration: HTTPClientConfiguration
    private let completion: Completion
    private var dialogue: SMTPDialogue
    private var offset = 0
    /// Whether curl has taken the whole message, so that its end may be on the wire.
    private var messageWasSent = false
    private let control: SMTPControl

    init(
        _ request: SMTPRequest, _ configuration: HTTPClientConfiguration, _ control: SMTPControl,
        _ completion: @escaping Completion
    ) {
        self.control = control
        self.request = request
        self.configuration = configuration
        self.completion = completion
        dialogue = SMTPDialogue(recipients: request.recipients)
        super.init(privateAddresses: request.privateAddresses)
    }

    // MARK: Options

    override func configure(_ easy: CurlEasy) {
        let data = Unmanaged.passUnretained(self).toOpaque()
        let scheme = request.security == .implicitTLS ? "smtps" : "smtp"
        let host = request.host.contains(":") ? "[\(request.host)]" : request.host
        easy.set(CURLOPT_URL, "\(scheme)://\(host):\(request.port)/\(request.heloName)")
        easy.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        easy.set(CURLOPT_UPLOAD, 1)
        easy.set(CURLOPT_INFILESIZE_LARGE, offset: request.message.count)
        easy.set(CURLOPT_MAIL_FROM, request.sender.isEmpty ? "<>" : request.sender)
        easy.set(CURLOPT_MAIL_RCPT, request.recipients)
        easy.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
        easy.set(CURLOPT_TIMEOUT_MS, Int(max(1, request.timeout.loopMilliseconds)))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.connectTimeout.loopMilliseconds)))
        // One connection for each mail: its end then belongs to the mail, and nothing is left that a server might tire
        // of.
        easy.set(CURLOPT_FRESH_CONNECT, 1)
        easy.set(CURLOPT_FORBID_REUSE, 1)
        easy.set(CURLOPT_READDATA, pointer: data)
        easy.check(ccurl_set_reader(easy.handle) { SMTPTransfer.read($0, $1, $2, $3) })
        easy.set(CURLOPT_VERBOSE, 1)
        easy.set(CURLOPT_DEBUGDATA, pointer: data)
        easy.check(
            ccurl_set_debug(easy.handle) { _, kind, bytes, count, data in
                SMTPTransfer.from(data)?.follow(kind, UnsafeRawBufferPointer(start: bytes, count: count))
                return 0
            })
        control.follow(easy)
        configureSecurity(easy)
    }

    override func didOpen(_ descriptor: curl_socket_t) {
        control.add(descriptor)
    }

    private func configureSecurity(_ easy: CurlEasy) {
        switch request.security {
        case .none: easy.set(CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue))
        case .startTLSIfOffered: easy.set(CURLOPT_USE_SSL, Int(CURLUSESSL_TRY.rawValue))
        case .startTLS, .implicitTLS: easy.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        }
        if request.security == .startTLSIfOffered, request.credentials == nil {
            easy.set(CURLOPT_SSL_VERIFYPEER, 0)
            easy.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        easy.setSecurity(configuration.security)
        if let credentials = request.credentials {
            easy.set(CURLOPT_USERNAME, credentials.user)
            easy.set(CURLOPT_PASSWORD, credentials.password)
            // In one step where the mechanism allows it (RFC 4954 §4).
            easy.set(CURLOPT_SASL_IR, 1)
        }
    }

    // MARK: Callbacks

    private static func from(_ data: UnsafeMutableRawPointer?) -> SMTPTransfer? {
        guard let data else { return nil }
        return Unmanaged<CurlTransfer>.fromOpaque(data).takeUnretainedValue() as? SMTPTransfer
    }

    private static func read(
        _ target: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
    ) -> Int {
        guard let transfer = from(data) else { return Int(CURL_READFUNC_ABORT) }
        return transfer.read(into: UnsafeMutableRawBufferPointer(start: target, count: size * count))
    }

    private func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        let part = request.message[offset...].prefix(target.count)
        target.copyBytes(from: part)
        offset += part.count
        if offset == request.message.count { messageWasSent = true }
        return part.count
    }

    private func follow(_ kind: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case CURLINFO_HEADER_IN:
            dialogue.received(bytes)
        case CURLINFO_HEADER_OUT:
            dialogue.sent(bytes)
            // curl would wait for the reply to QUIT, which nobody needs.
            if bytes.starts(with: "QUIT".utf8) { control.endReading() }
        default: break
        }
    }

    // MARK: The end

    override func finish(_ code: CURLcode) {
        if let reason = control.abandonment, dialogue.messageReply == nil {
            abandon(reason)
        } else {
            completion(result(code))
        }
    }

    private func result(_ code: CURLcode) -> Result<SMTPResponse, SMTPError> {
        if let reply = dialogue.messageReply, reply.isPositive {
            return .success(SMTPResponse(reply: reply, recipients: dialogue.recipients))
        }
        if let refusedAddress { return .failure(.privateAddress(refusedAddress)) }
        let detail = easy?.explain(code) ?? ""
        switch CurlFailure(code) {
        case .name: return .failure(.unresolvable(host: request.host))
        case .connection: return .failure(.connectionFailed(host: request.host, detail: detail))
        case .url, .option: return .failure(.invalidRequest(detail))
        case .security: return .failure(.insecure(host: request.host, detail: detail))
        case .time:
            return .failure(.timedOut(host: request.host, stage: dialogue.stage, messageWasSent: isUnknown))
        case .other: return .failure(rejection(detail))
        }
    }

    private func rejection(_ detail: String) -> SMTPError {
        if let (stage, reply) = dialogue.rejection {
            return .rejected(stage: stage, reply: reply, recipients: dialogue.recipients)
        }
        return .connectionLost(
            host: request.host, stage: dialogue.stage, detail: detail, messageWasSent: isUnknown)
    }

    /// The message went out and no reply came.
    private var isUnknown: Bool {
        dialogue.stage == .message && messageWasSent && dialogue.messageReply == nil
    }

    override func abandon(_ reason: CurlAbandonment) {
        switch reason {
        case .cancelled: completion(.failure(.cancelled(messageWasSent: isUnknown)))
        case .stopped, .timedOut, .refused: completion(.failure(.stopped(messageWasSent: isUnknown)))
        }
    }
}
