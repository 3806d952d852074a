extension HTTPClient {
    /// Hands a message to a mail server and returns what it said.
    ///
    /// The server may take the message for some recipients and refuse others; when it refuses all, that is an error.
    /// Cancelling the task breaks the connection off.
    ///
    /// - Parameter request: The message, its recipients and the server.
    /// - Returns: The replies to the message and to each recipient.
    /// - Throws: `SMTPError`; with `messageWasSent` the server may have taken the message without our learning of it.
    public func sendMail(_ request: SMTPRequest) async throws(SMTPError) -> SMTPResponse {
        try request.check()
        return try await mail.send(request)
    }
}

extension SMTPRequest {
    /// Refuses what could end a command before its time, or begin another.
    fileprivate func check() throws(SMTPError) {
        guard !recipients.isEmpty else { throw .invalidRequest("there is no recipient") }
        for address in recipients + [sender] {
            let isSafe = address.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x3C && $0 != 0x3E }
            guard isSafe, address.utf8.count <= 512 else {
                throw .invalidRequest("an address holds characters that are not allowed")
            }
        }
        guard !recipients.contains("") else { throw .invalidRequest("a recipient is empty") }
        for name in [host, heloName] {
            let isSafe = name.utf8.allSatisfy { $0.isHTTPToken || $0 == 0x3A || $0 == 0x5B || $0 == 0x5D }
            guard isSafe, 1...255 ~= name.utf8.count, !name.contains("%") else {
                throw .invalidRequest("a host's name holds characters that are not allowed")
            }
        }
    }
}
