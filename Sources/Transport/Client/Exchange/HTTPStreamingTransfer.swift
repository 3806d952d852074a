import CCurl
import Synchronization

/// A request whose response is handed on as it comes.
final class HTTPStreamingTransfer: HTTPTransfer {
    typealias Completion = (Result<HTTPClientResponse, HTTPClientError>) -> Void

    private let body: HTTPClientBody
    private var completion: Completion?

    init(
        _ exchange: HTTPExchange, _ url: CurlURL, _ configuration: HTTPClientConfiguration, _ body: HTTPClientBody,
        _ completion: @escaping Completion
    ) {
        self.body = body
        self.completion = completion
        super.init(exchange, url, configuration)
    }

    override var isStreamed: Bool { true }

    override var isHeldUp: Bool { super.isHeldUp || isReceivingPaused }

    override func receiveHead() {
        complete(.success(response))
    }

    override func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch body.add(bytes) {
        case .room: return true
        case .full:
            pauseReceiving()
            return true
        case .overflow:
            // What curl had read already decompresses to this; the rest stays away.
            breakOffAsTooLarge()
            return false
        }
    }

    override func succeed() {
        complete(.failure(.connectionLost(host: host, detail: "there was no answer", requestWasSent: true)))
        body.finish()
    }

    override func fail(_ error: HTTPClientError) {
        complete(.failure(error))
        body.fail(error)
    }

    private func complete(_ result: Result<HTTPClientResponse, HTTPClientError>) {
        completion?(result)
        completion = nil
    }
}
