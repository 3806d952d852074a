/// The place of a file or a folder, as the operating system writes it.
///
/// A relative path starts at the working folder of the process. Nothing is looked up on the disk.
public struct FilePath: Sendable, Hashable {
    /// The path's text.
    public let text: String

    /// Creates a path from its text.
    public init(_ text: String) {
        self.text = text
    }

    /// Whether the path starts at the root.
    public var isAbsolute: Bool { text.utf8.first == UInt8(ascii: "/") }

    /// The last part of the path: `c.yaml` of `/a/b/c.yaml`; empty for the root.
    public var name: String {
        let trimmed = withoutTrailingSlashes
        return trimmed.lastIndex(of: "/").map { String(trimmed[trimmed.index(after: $0)...]) } ?? String(trimmed)
    }

    /// The folder that holds the path: `/a/b` of `/a/b/c.yaml`, `.` of `c.yaml`, `/` of `/`.
    public var folder: FilePath {
        let trimmed = withoutTrailingSlashes
        guard let slash = trimmed.lastIndex(of: "/") else { return FilePath(isAbsolute ? "/" : ".") }
        return slash == trimmed.startIndex ? FilePath("/") : FilePath(String(trimmed[..<slash]))
    }

    /// Returns the path of a name, or of a relative path, inside this folder.
    public func appending(_ name: String) -> FilePath {
        guard !text.isEmpty else { return FilePath(name) }
        return FilePath(text.utf8.last == UInt8(ascii: "/") ? text + name : "\(text)/\(name)")
    }

    /// Returns this path as seen from the folder: an absolute path stays what it is.
    public func relative(to folder: FilePath) -> FilePath {
        isAbsolute ? self : folder.appending(text)
    }

    private var withoutTrailingSlashes: Substring {
        var rest = text[...]
        while rest.utf8.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        return rest
    }
}

extension FilePath: CustomStringConvertible, ExpressibleByStringLiteral {
    /// The path's text.
    public var description: String { text }

    /// Creates a path from a literal.
    public init(stringLiteral text: String) {
        self.init(text)
    }
}
