/// A request whose response is collected in memory.
final class HTTPCollectingTransfer: HTTPTransfer {
    typealias Completion = (Result<HTTPClientResponse, HTTPClientError>) -> Void

    private let completion: Completion
    private var body: [UInt8] = []

    init(
        _ exchange: HTTPExchange, _ url: CurlURL, _ configuration: HTTPClientConfiguration,
        _ completion: @escaping Completion
    ) {
        self.completion = completion
        super.init(exchange, url, configuration)
    }

    override func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        body.append(contentsOf: bytes)
        return true
    }

    override func succeed() {
        var response = self.response
        response.body = body
        completion(.success(response))
    }

    override func fail(_ error: HTTPClientError) {
        completion(.failure(error))
    }
}
