/// Gives encoded words the charset that their writers mean.
///
/// Programs label GBK as gb2312, windows-1252 as iso-8859-1 and Korean windows-949 as ks_c_5601-1987; a decoder that takes the
/// labels at their word loses characters. The larger sets contain the named ones.
enum EncodedWordLabels {
    private static let larger: [[UInt8]: [UInt8]] = {
        let names = [
            "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "iso-8859-1": "windows-1252",
            "latin1": "windows-1252", "us-ascii": "utf-8", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
            "big5": "big5-hkscs", "shift_jis": "cp932",
        ]
        return Dictionary(uniqueKeysWithValues: names.map { (Array($0.key.utf8), Array($0.value.utf8)) })
    }()

    /// The value with the labels of its encoded words widened, `=?label?`, and of parameters, `*=label'`.
    static func widened(_ raw: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(raw)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let isWord =
                bytes[index] == UInt8(ascii: "=") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "?")
            let isParameter =
                bytes[index] == UInt8(ascii: "*") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "=")
            guard isWord || isParameter else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let start = index + 2
            let end = bytes[start...].prefix(40).firstIndex(of: UInt8(ascii: isWord ? "?" : "'"))
            result += bytes[index..<start]
            index = start
            guard let end, let name = larger[lowercased(bytes[start..<end])] else { continue }
            result += name
            index = end
        }
        return result
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}
