import CXML

/// The named characters of HTML 4, as libxml2 has them.
enum EntityNames {
    /// The code point of a name (`nbsp` is 160), `nil` for a name nobody knows.
    static func codePoint(of name: some Collection<UInt8>) -> UInt32? {
        guard name.count <= 16 else { return nil }
        let terminated = Array(name) + [0]
        return terminated.withUnsafeBufferPointer { buffer in
            htmlEntityLookup(buffer.baseAddress).map { $0.pointee.value }
        }
    }
}
