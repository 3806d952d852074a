import CNghttp2

/// Compresses header blocks in the plainest way (RFC 7541 §6.2.2): each field as a literal that enters no table.
enum HPACK {
    static func field(_ name: String, _ value: String) -> [UInt8] {
        [0] + string(name) + string(value)
    }

    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { field($0, $1) }
    }

    /// A request's block; nil leaves a pseudo-header field out.
    static func request(
        _ method: String? = "GET", scheme: String? = "http", path: String? = "/", authority: String? = "x",
        more fields: [(String, String)] = []
    ) -> [UInt8] {
        let pseudo = [(":method", method), (":scheme", scheme), (":path", path), (":authority", authority)]
        return block(pseudo.compactMap { name, value in value.map { (name, $0) } } + fields)
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var rest = bytes.count
        guard rest >= 127 else { return [UInt8(rest)] + bytes }
        var head: [UInt8] = [127]
        rest -= 127
        while rest >= 128 {
            head.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return head + [UInt8(rest)] + bytes
    }
}

/// Decompresses the blocks of one connection, by nghttp2.
final class HPACKReader {
    private var inflater: OpaquePointer?

    init() {
        nghttp2_hd_inflate_new(&inflater)
    }

    deinit {
        nghttp2_hd_inflate_del(inflater)
    }

    /// The fields of a whole block; nil when it is malformed.
    func read(_ block: [UInt8]) -> [String: String]? {
        var fields: [String: String] = [:]
        var rest = block[...]
        while true {
            var entry = nghttp2_nv()
            var flags: CInt = 0
            let count = rest.withUnsafeBufferPointer {
                nghttp2_hd_inflate_hd2(inflater, &entry, &flags, $0.baseAddress, $0.count, 1)
            }
            guard count >= 0 else { return nil }
            rest = rest.dropFirst(count)
            if flags & CInt(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
                fields[Self.text(entry.name, entry.namelen)] = Self.text(entry.value, entry.valuelen)
            }
            if flags & CInt(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 { break }
        }
        nghttp2_hd_inflate_end_headers(inflater)
        return fields
    }

    private static func text(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
