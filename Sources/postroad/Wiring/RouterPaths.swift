/// Where a router keeps what, below its data folder.
struct RouterPaths: Sendable {
    /// The data folder.
    let data: String

    /// The control socket (mode 0600).
    var socket: String { "\(data)/control.sock" }

    /// The most bytes that the path of a Unix socket has (`sun_path` in unix(7), less its NUL).
    static let maximumSocketPath = 107

    /// Checks that the control socket can be made in the data folder.
    ///
    /// - Throws: ``CommandError/input(_:)``
    func check() throws(CommandError) {
        guard socket.utf8.count > Self.maximumSocketPath else { return }
        throw .input(
            """
            router.data is too long for its control socket: \(socket) has \(socket.utf8.count) bytes, \
            at most \(Self.maximumSocketPath) are possible. Choose a shorter folder, or start in it with a relative one.
            """)
    }
}
