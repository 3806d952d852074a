public import Transport

extension HTTPRequest {
    /// Why a request from this machine must not pass as one of its own programs; `nil` when it may.
    ///
    /// A stranger's web page runs in a browser of this machine too. It says so in `Origin`, or it comes by a name of its
    /// own that points to 127.0.0.1 (then `Host` is that name: DNS rebinding). And a proxy on this machine brings in
    /// the whole world; one that says so is believed. Requests by a Unix socket need none of this.
    public var localFault: String? {
        if isOverUnixSocket { return nil }
        guard isFromLoopback else { return "only programs of this machine may do this without a token" }
        guard hasLoopbackHost, let host = headers["host"] else {
            return "without a token the request must be addressed to localhost, 127.0.0.1 or [::1]"
        }
        if let origin = headers["origin"],
            origin.lowercased() != "\(head.isSecure ? "https" : "http")://\(host.lowercased())"
        {
            return "without a token the request must not come from a web page of another origin"
        }
        // Following a link of another site is not that site's request: it gets to see nothing of the answer.
        let isLink = (method == .get || method == .head) && headers["sec-fetch-mode"] == "navigate"
        if headers["sec-fetch-site"] == "cross-site", !isLink {
            return "without a token the request must not come from a web page of another site"
        }
        if let sign = ["forwarded", "x-forwarded-for", "x-real-ip"].first(where: headers.contains) {
            return "a proxy passed this on, as \(sign) shows: without a token only programs of this machine may come in"
        }
        return nil
    }
}
