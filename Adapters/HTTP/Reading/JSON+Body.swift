import Messages

extension JSON {
    /// Parses the body of a request.
    ///
    /// - Throws: ``Problem`` with status 400 and the offset of the first wrong byte.
    init(body: [UInt8]) throws(Problem) {
        do throws(MessageError) {
            try self.init(parsing: body)
        } catch {
            throw Problem(error)
        }
    }
}
