/// A part of a mail to be written (RFC 2045, 2046): only ASCII, and no line over 998 bytes.
indirect enum MIMENode {
    /// A body with the fields of its header, encoded, its lines ended with CRLF.
    case leaf(header: MailHeaderWriter, body: [UInt8])
    /// Parts under one type, as in `multipart/mixed`.
    case multipart(String, [MIMENode])

    /// Writes the fields and the body after the header that stands already.
    ///
    /// - Parameters:
    ///   - bytes: Where it goes.
    ///   - key: What makes the boundaries the message's own.
    ///   - path: Where the node stands; no boundary may begin with another (RFC 2046 §5.1.1).
    func write(to bytes: inout [UInt8], key: String, path: String = "m") {
        switch self {
        case .leaf(let header, let body):
            bytes += header.text.utf8
            bytes += "\r\n".utf8
            bytes += body
        case .multipart(let type, let children):
            let boundary = "\(Self.boundaryMark)\(path)_\(key)"
            var header = MailHeaderWriter()
            header.structured("Content-Type", "\(type); boundary=\"\(boundary)\"")
            bytes += header.text.utf8
            bytes += "\r\n".utf8
            for (index, child) in children.enumerated() {
                bytes += "--\(boundary)\r\n".utf8
                child.write(to: &bytes, key: key, path: "\(path).\(index)")
                bytes += "\r\n".utf8
            }
            bytes += "--\(boundary)--\r\n".utf8
        }
    }
}

extension MIMENode {
    /// The start of all boundaries; no encoded body has it, and text that has it is encoded.
    static let boundaryMark = "=_"

    /// A text; it goes as it is when that is safe, else in the shorter encoding.
    static func text(_ text: String, subtype: String) -> MIMENode {
        // A mark at the start would be taken for one of the encoding's.
        let marked = String(Substring(text.unicodeScalars.drop { $0 == "\u{FEFF}" }))
        let clean = MailText.decoded(Array(marked.utf8), charset: "utf-8")
        let bytes = Array((clean.hasSuffix("\n") ? clean : clean + "\n").utf8)
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        var header = MailHeaderWriter()
        header.structured("Content-Type", "text/\(subtype); charset=\(isASCII ? "us-ascii" : "utf-8")")
        if isASCII, isSafe(bytes) {
            header.structured("Content-Transfer-Encoding", "7bit")
            return .leaf(header: header, body: withReturns(bytes))
        }
        // Quoted-printable takes three characters for a byte beyond ASCII, base64 four for three bytes of any kind.
        guard bytes.count(where: { $0 >= 0x80 }) * 6 > bytes.count else {
            header.structured("Content-Transfer-Encoding", "quoted-printable")
            return .leaf(header: header, body: withReturns(TransferEncoding.quotedPrintable.encode(bytes[...])))
        }
        header.structured("Content-Transfer-Encoding", "base64")
        return .leaf(header: header, body: withReturns(TransferEncoding.base64.encode(withReturns(bytes)[...])))
    }

    /// A file.
    static func file(_ bytes: [UInt8], mediaType: String, name: String?, isInline: Bool) -> MIMENode {
        var header = MailHeaderWriter()
        header.structured("Content-Type", safe(mediaType))
        let parameter = name.flatMap(FileName.cleaned).map { "; \(MailHeaderWriter.parameter("filename", $0))" }
        header.structured("Content-Disposition", "\(isInline ? "inline" : "attachment")\(parameter ?? "")")
        header.structured("Content-Transfer-Encoding", "base64")
        return .leaf(header: header, body: withReturns(TransferEncoding.base64.encode(bytes[...])))
    }

    /// A part of a report, in ASCII and in short lines.
    static func report(_ mediaType: String, _ fields: MailHeaderWriter) -> MIMENode {
        var header = MailHeaderWriter()
        header.structured("Content-Type", mediaType)
        return .leaf(header: header, body: Array(fields.text.utf8))
    }

    /// A media type that cannot break the header.
    ///
    /// A message or a multipart in base64 is against RFC 2046 §5.2.1, so it goes as bytes.
    private static func safe(_ mediaType: String) -> String {
        let pieces = mediaType.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        let isSafe =
            pieces.count == 2
            && pieces.allSatisfy { piece in
                !piece.isEmpty && piece.utf8.count <= 100
                    && piece.utf8.allSatisfy { byte in
                        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "!#$&-^_.+".utf8.contains(byte)
                    }
            }
        guard isSafe, pieces[0] != "message", pieces[0] != "multipart" else { return "application/octet-stream" }
        return "\(pieces[0])/\(pieces[1])"
    }

    private static func isSafe(_ text: [UInt8]) -> Bool {
        text.split(separator: 0x0A, omittingEmptySubsequences: false).allSatisfy { line in
            line.count <= 900 && line.last?.isBlank != true && !line.starts(with: Array("From ".utf8))
                && !line.starts(with: Array("--\(boundaryMark)".utf8))
        }
    }

    private static func withReturns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 40)
        for byte in bytes {
            if byte == 0x0A { result.append(0x0D) }
            result.append(byte)
        }
        return result
    }
}
