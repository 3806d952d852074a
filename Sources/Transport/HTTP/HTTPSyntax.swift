extension UInt8 {
    /// The byte, lower case if it is a capital ASCII letter.
    var asciiLowercase: UInt8 {
        (0x41...0x5A).contains(self) ? self | 0x20 : self
    }

    /// Tells whether the byte may stand in a token (RFC 9110 §5.6.2).
    var isHTTPToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// Tells whether the byte may stand in a field's value: no control characters but tabs, so that it cannot end its
    /// line.
    var isHTTPValue: Bool {
        self >= 0x20 && self != 0x7F || self == 0x09
    }
}

extension StringProtocol {
    /// The text without spaces and tabs around it.
    func trimmingHTTPSpace() -> SubSequence {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = self[...].drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }

    /// Tells whether the text is a token (RFC 9110 §5.6.2).
    var isHTTPToken: Bool {
        !isEmpty && utf8.allSatisfy(\.isHTTPToken)
    }

    /// Tells whether the text may be a field's value.
    var isHTTPValue: Bool {
        utf8.allSatisfy(\.isHTTPValue)
    }
}
