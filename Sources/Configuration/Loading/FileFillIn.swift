/// What a mapping `{file: path}` stands for where a scalar is expected, or a list of them.
struct FileFillIn: Sendable, Hashable {
    /// The file's path.
    var path: String
    /// What the file holds, or why it cannot be used.
    var contents: Contents

    /// What came of reading the file.
    enum Contents: Sendable, Hashable {
        /// The text.
        case text(String)
        /// Why there is none.
        case failed(String)
    }

    /// The largest file that fills in a scalar: 64 KiB, more than any key or certificate.
    static let scalarLimit = 65_536

    /// The text as a scalar, without the line break at its end.
    ///
    /// - Returns: the scalar, or why there is none.
    func scalar(source: String) -> Result<YAMLScalar, FileFault> {
        switch contents {
        case .failed(let reason): return .failure(FileFault(reason: reason))
        case .text(var text):
            if text.last?.isNewline == true { text.removeLast() }
            guard !text.isEmpty else { return .failure(FileFault(reason: FillInFault.empty(path: path).message)) }
            guard text.utf8.count <= Self.scalarLimit else {
                let reason = "cannot read \(printable(path)): it has more than \(Self.scalarLimit) bytes"
                return .failure(FileFault(reason: reason))
            }
            var scalar = YAMLScalar(text)
            scalar.source = source
            return .success(scalar)
        }
    }

    /// The lines of the text, each at its place in the file; empty ones and comments, which begin with `#`, are left out.
    var lines: Result<[YAMLNode], FileFault> {
        guard case .text(let text) = contents else {
            if case .failed(let reason) = contents { return .failure(FileFault(reason: reason)) }
            return .success([])
        }
        var lines: [YAMLNode] = []
        var number = 0
        for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let start = bytes.firstIndex { !Self.isSpace($0) } ?? bytes.endIndex
            let end = bytes.lastIndex { !Self.isSpace($0) }.map { bytes.index(after: $0) } ?? bytes.endIndex
            guard start < end, bytes[start] != UInt8(ascii: "#") else { continue }
            let column = 1 + bytes.distance(from: bytes.startIndex, to: start)
            let scalar = YAMLScalar(String(Substring(bytes[start..<end])), style: .quoted)
            let position = SourcePosition(file: path, line: number, column: column)
            lines.append(YAMLNode(.scalar(scalar), at: position))
        }
        return .success(lines)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}

/// Why a file of the configuration cannot be used, as a sentence that names it.
public struct FileFault: Error, Sendable, Hashable {
    /// The sentence.
    public var reason: String
}

extension YAMLNode {
    /// The lines of the file that a mapping `{file: path}` names, each at its place there; `nil` for every other node.
    ///
    /// Empty lines and those that begin with `#` are left out.
    public var fileLines: Result<[YAMLNode], FileFault>? { mapping?.fileFillIn?.lines }
}
