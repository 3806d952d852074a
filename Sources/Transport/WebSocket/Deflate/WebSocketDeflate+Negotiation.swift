extension WebSocketDeflate {
    /// What RFC 7692 §7 calls the extension.
    static var name: String { "permessage-deflate" }

    /// The first offer of a client that can be met, and the answer to it (RFC 7692 §7.1).
    static func accept(
        _ offers: [WebSocketExtensionOffer], _ compression: WebSocketCompression
    ) -> (deflate: WebSocketDeflate, answer: String)? {
        for offer in offers where HTTPFields.isEqual(offer.name, name) {
            if let result = accept(offer, compression) { return result }
        }
        return nil
    }

    private static func accept(
        _ offer: WebSocketExtensionOffer, _ compression: WebSocketCompression
    ) -> (WebSocketDeflate, String)? {
        guard let terms = Terms(offer.parameters, isOffer: true) else { return nil }
        let deflateBits = terms.serverBits ?? 15
        // zlib makes no raw streams with a window of 256 bytes.
        guard deflateBits >= 9 else { return nil }
        let deflate = WebSocketDeflate(
            compression: compression, deflateBits: deflateBits,
            keepsDeflateContext: compression.keepsContext && !terms.serverForgets,
            keepsInflateContext: compression.keepsContext && !terms.clientForgets)
        var answer = name
        if !deflate.keepsDeflateContext { answer += "; server_no_context_takeover" }
        if !deflate.keepsInflateContext { answer += "; client_no_context_takeover" }
        if terms.serverBits != nil { answer += "; server_max_window_bits=\(deflateBits)" }
        return (deflate, answer)
    }

    /// What a client offers.
    static func offer(_ compression: WebSocketCompression) -> String {
        compression.keepsContext
            ? "\(name); client_max_window_bits"
            : "\(name); client_no_context_takeover; server_no_context_takeover; client_max_window_bits"
    }

    /// What a server's answer to ``offer(_:)`` means; nil when it is none.
    ///
    /// - Throws: `WebSocketViolation` for an answer that was not offered.
    static func agree(
        _ answers: [WebSocketExtensionOffer]?, _ compression: WebSocketCompression?
    ) throws(WebSocketViolation) -> WebSocketDeflate? {
        if let answers, answers.isEmpty { return nil }
        guard let answers, answers.count == 1, let compression, HTTPFields.isEqual(answers[0].name, name),
            let terms = Terms(answers[0].parameters, isOffer: false), terms.clientBits ?? 15 >= 9,
            compression.keepsContext || terms.serverForgets
        else { throw .protocolError("the server answers with an extension that was not offered") }
        return WebSocketDeflate(
            compression: compression, deflateBits: terms.clientBits ?? 15,
            keepsDeflateContext: compression.keepsContext && !terms.clientForgets,
            keepsInflateContext: !terms.serverForgets)
    }

    /// The parameters (RFC 7692 §7.1); each at most once.
    private struct Terms {
        var serverForgets = false
        var clientForgets = false
        var serverBits: Int?
        var clientBits: Int?

        init?(_ parameters: [WebSocketExtensionOffer.Parameter], isOffer: Bool) {
            var seen: Set<String> = []
            for parameter in parameters {
                let value = parameter.value
                guard seen.insert(parameter.name).inserted else { return nil }
                switch parameter.name {
                case "server_no_context_takeover" where value == nil: serverForgets = true
                case "client_no_context_takeover" where value == nil: clientForgets = true
                case "server_max_window_bits":
                    guard let bits = Self.bits(value) else { return nil }
                    serverBits = bits
                case "client_max_window_bits":
                    // In an offer it may say no more than that an answer may have it.
                    guard !(isOffer && value == nil) else { continue }
                    guard let bits = Self.bits(value) else { return nil }
                    clientBits = bits
                default: return nil
                }
            }
        }

        /// A number from 8 to 15, without zeros in front.
        private static func bits(_ text: String?) -> Int? {
            guard let text, let bits = Int(text), (8...15).contains(bits), text == "\(bits)" else { return nil }
            return bits
        }
    }
}
