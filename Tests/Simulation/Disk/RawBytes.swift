import Glibc

/// Bytes that grow in place and are zero until written; an array of them is slow where nothing is optimized.
///
/// Only used under the lock of the disk.
final class RawBytes {
    private var start: UnsafeMutableRawPointer?
    private(set) var count = 0

    deinit {
        free(start)
    }

    /// Makes room for at least so many bytes; without memory the process ends, as with an array.
    func grow(to needed: Int) {
        guard needed > count else { return }
        let newCount = max(needed, count * 2, 4_096)
        guard let grown = realloc(start, newCount) else { fatalError("no memory for \(newCount) bytes") }
        memset(grown + count, 0, newCount - count)
        start = grown
        count = newCount
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        grow(to: offset + bytes.count)
        if let start { memcpy(start + offset, source, bytes.count) }
    }

    /// The bytes of a range, for as long as nobody writes.
    func view(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(start: start, count: count)[range])
    }

    func zero(_ range: Range<Int>) {
        if let start, !range.isEmpty { memset(start + range.lowerBound, 0, range.count) }
    }
}
