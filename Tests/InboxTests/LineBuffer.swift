import Synchronization

/// Cuts bytes into lines.
final class LineBuffer: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    /// Adds bytes.
    func append(_ more: [UInt8]) {
        bytes.withLock { $0 += more }
    }

    /// The next whole line without its end.
    func next() -> String? {
        bytes.withLock { bytes in
            guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let line = String(decoding: bytes[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            bytes.removeFirst(end + 1)
            return line
        }
    }
}
