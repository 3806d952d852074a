import Glibc

/// The bytes of a file, which grow and are cut in place.
struct FileContent {
    /// Zero from `size` on.
    private var storage = RawBytes()
    private(set) var size = 0

    /// The bytes of a range, for as long as nobody writes.
    func view(_ range: Range<Int>) -> UnsafeRawBufferPointer { storage.view(range.clamped(to: 0..<size)) }

    /// The same bytes in a place of their own.
    func copied() -> FileContent {
        var copy = FileContent()
        copy.write(view(0..<size), at: 0)
        return copy
    }

    /// Writes bytes at an offset; what lies between the old end and there is zero.
    mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard !bytes.isEmpty else { return }
        storage.write(bytes, at: offset)
        size = max(size, offset + bytes.count)
    }

    /// Reads from an offset and returns how much there was.
    func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(bytes.count, size - offset)
        guard count > 0 else { return 0 }
        bytes.copyMemory(from: storage.view(offset..<(offset + count)))
        return count
    }

    /// Cuts the file, or extends it with zeros.
    mutating func resize(to newSize: Int) {
        zero(newSize..<max(size, newSize))
        storage.grow(to: newSize)
        size = newSize
    }

    /// Makes a range zero, as far as the file goes, without changing its size.
    mutating func zero(_ range: Range<Int>) {
        storage.zero(range.clamped(to: 0..<size))
    }
}
