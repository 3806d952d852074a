/// Finds IBANs: by the country's length and the check digits (ISO 13616, ISO 7064 MOD 97-10).
enum BankAccountFinder {
    static func ranges(in text: RedactionText) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < text.count {
            if text[position].isLetter, !text[position - 1].isLetterOrDigit, let end = end(of: text, position) {
                ranges.append(position..<end)
                position = end
            } else {
                position += 1
            }
        }
        return ranges
    }

    private static func end(of text: RedactionText, _ start: Int) -> Int? {
        guard text[start + 1].isLetter, text[start + 2].isDigit, text[start + 3].isDigit else { return nil }
        let country = String(decoding: [text[start] & ~0x20, text[start + 1] & ~0x20], as: UTF8.self)
        guard let length = lengths[country] else { return nil }
        var characters: [UInt8] = []
        var position = start
        while characters.count < length {
            if text[position].isLetterOrDigit {
                characters.append(text[position])
            } else if text[position] != UInt8(ascii: " ") || text[position - 1] == UInt8(ascii: " ") {
                return nil
            }
            position += 1
        }
        guard !text[position].isLetterOrDigit, isSound(characters) else { return nil }
        return position
    }

    private static func isSound(_ characters: [UInt8]) -> Bool {
        var rest = 0
        for byte in characters[4...] + characters[..<4] {
            let value = byte.isDigit ? byte.digit : Int(byte & ~0x20) - 55
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97
        }
        return rest == 1
    }

    /// The length of each country's IBAN, by the registry of SWIFT.
    private static let lengths: [String: Int] = {
        let byLength: [Int: String] = [
            15: "NO", 16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI FK", 20: "AT BA EE KZ LT LU XK MN",
            21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ TL OM SO",
            24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
            28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
            33: "RU",
        ]
        var lengths: [String: Int] = [:]
        for (length, countries) in byLength {
            for country in countries.split(separator: " ") { lengths[String(country)] = length }
        }
        return lengths
    }()
}
