/// One element of `Sec-WebSocket-Extensions` (RFC 6455 §9.1): a name and its parameters.
struct WebSocketExtensionOffer: Hashable {
    var name: String
    var parameters: [Parameter]

    struct Parameter: Hashable {
        var name: String
        var value: String?
    }

    /// Reads all fields of the name; nil when one is malformed.
    static func parse(_ headers: HTTPFields) -> [WebSocketExtensionOffer]? {
        var offers: [WebSocketExtensionOffer] = []
        for element in headers.list("sec-websocket-extensions") {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmingHTTPSpace() }
            guard let name = parts.first, name.isHTTPToken else { return nil }
            var offer = WebSocketExtensionOffer(name: String(name), parameters: [])
            for part in parts.dropFirst() {
                guard let parameter = Parameter(part) else { return nil }
                offer.parameters.append(parameter)
            }
            offers.append(offer)
        }
        return offers
    }
}

extension WebSocketExtensionOffer.Parameter {
    /// Reads `name`, `name=token` or `name="token"`.
    init?(_ text: Substring) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].trimmingHTTPSpace()
        guard name.isHTTPToken else { return nil }
        self.name = String(name)
        guard parts.count == 2 else { return }
        var value = parts[1].trimmingHTTPSpace()
        if value.first == "\"", value.last == "\"", value.count >= 2 { value = value.dropFirst().dropLast() }
        guard value.isHTTPToken else { return nil }
        self.value = String(value)
    }
}
