/// Where a router keeps what, below its data folder.
struct RouterPaths: Sendable {
    /// The data folder.
    let data: String

    /// The control socket (mode 0600).
    var socket: String { "\(data)/control.sock" }
}
