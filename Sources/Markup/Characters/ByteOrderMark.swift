/// The mark at the start of a text that tells its encoding (Unicode §23.8).
struct ByteOrderMark {
    let charset: String
    /// How many bytes the mark has.
    let length: Int

    init?(of bytes: [UInt8]) {
        // UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
        let marks: [(mark: [UInt8], charset: String)] = [
            ([0xEF, 0xBB, 0xBF], "UTF-8"), ([0xFF, 0xFE, 0, 0], "UTF-32LE"), ([0, 0, 0xFE, 0xFF], "UTF-32BE"),
            ([0xFE, 0xFF], "UTF-16BE"), ([0xFF, 0xFE], "UTF-16LE"),
        ]
        guard let found = marks.first(where: { bytes.starts(with: $0.mark) }) else { return nil }
        self.charset = found.charset
        self.length = found.mark.count
    }
}
