/// Names of character sets, as documents and headers give them.
enum CharacterSetName {
    /// The name the C library is asked for, `nil` for names that say nothing.
    ///
    /// Old names mean the larger sets that browsers take them for (WHATWG Encoding §4.2): who writes gb2312 uses
    /// characters of GB18030, and who writes iso-8859-1 has windows-1252's quotation marks.
    static func canonical(of declared: String) -> String? {
        let name = declared.lowercased().filter { !"\"' \t\r\n".contains($0) }
        guard isWellFormed(name), !empty.contains(name) else { return nil }
        return aliases[name] ?? name
    }

    /// Letters, digits and `-_.:+`, at most 40 of them (RFC 2978 §2.3).
    static func isWellFormed(_ name: String) -> Bool {
        let bytes = name.utf8
        return (1...40).contains(bytes.count)
            && bytes.allSatisfy { $0 < 0x80 && ($0.isNameByte || $0 == UInt8(ascii: "+")) }
    }

    /// Whether the name is one of US-ASCII's, which senders write without thinking.
    static func isASCII(_ declared: String) -> Bool {
        ["us-ascii", "ascii", "ansi_x3.4-1968"].contains(declared.lowercased())
    }

    private static let empty: Set<String> = ["unknown-8bit", "x-unknown", "8bit", "7bit", "binary", "default", "none"]

    private static let aliases: [String: String] = {
        var names: [String: String] = [:]
        for (canonical, aliases) in table {
            for alias in aliases.split(separator: " ") { names[String(alias)] = canonical }
        }
        return names
    }()

    private static let table: [(canonical: String, aliases: String)] = [
        ("UTF-8", "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 utf-8mb4 utf8mb4"),
        ("UTF-16LE", "utf-16 utf16 utf-16le unicode ucs-2 iso-10646-ucs-2"),
        ("UTF-16BE", "utf-16be unicodefffe"),
        ("GB18030", "gb18030 gb2312 gb_2312 gb_2312-80 gbk x-gbk cp936 ms936 windows-936 euc-cn chinese csgb2312"),
        ("BIG5-HKSCS", "big5 big5-hkscs x-x-big5 cn-big5 csbig5 big-5"),
        ("CP932", "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j csshiftjis ms932 cp932"),
        ("EUC-JP", "euc-jp x-euc-jp eucjp cseucpkdfmtjapanese"),
        ("CP949", "ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 euc-kr euckr korean windows-949 cp949"),
        (
            "windows-1252",
            "iso-8859-1 iso8859-1 iso_8859-1 latin1 l1 us-ascii ascii ansi_x3.4-1968 cp1252 x-cp1252 windows-1252 ansi"
        ),
        ("windows-1251", "cp1251 x-cp1251 windows-1251"),
        ("windows-1254", "iso-8859-9 iso8859-9 latin5 windows-1254"),
        ("CP874", "windows-874 tis-620 iso-8859-11 dos-874"),
        ("ISO-8859-8", "iso-8859-8-i iso-8859-8-e logical visual"),
        ("KOI8-R", "koi8 koi koi8_r"),
        ("MACINTOSH", "mac x-mac-roman macintosh macroman"),
    ]
}
