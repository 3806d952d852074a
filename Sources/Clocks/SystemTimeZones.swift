import Glibc
public import Messages

/// The time zones of the machine, from tzdata.
public enum SystemTimeZones {
    /// The largest file of a zone that is read.
    private static let fileLimit = 1 << 20

    /// The rules of a zone by its name, as in `Europe/Berlin`; blocks on the disk.
    ///
    /// - Throws: ``TimeZoneError`` when the name is none, or the machine does not know it.
    public static func zone(named name: String) throws(TimeZoneError) -> TimeZone {
        guard isName(name) else { throw .badName }
        if name == "UTC" { return .utc }
        guard let bytes = contents("/usr/share/zoneinfo/\(name)") else { throw .unknown }
        return try TimeZone(name: name, parsing: bytes)
    }

    /// The names that the machine knows, for suggestions; blocks on the disk.
    public static var names: [String] {
        guard let bytes = contents("/usr/share/zoneinfo/tzdata.zi") else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 3)
            // A zone is `Z NAME …`, another name of one `L ZONE NAME`.
            guard words.count > 2, words[0] == "Z" || words[0] == "L" else { return nil }
            return String(words[0] == "Z" ? words[1] : words[2])
        }
    }

    /// Only what stays below the folder: letters, digits, `_`, `-` and `+`, parted by slashes.
    private static func isName(_ name: String) -> Bool {
        let segments = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return name.utf8.count <= 100
            && segments.allSatisfy { segment in
                !segment.isEmpty
                    && segment.allSatisfy { byte in
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-+".utf8.contains(byte)
                    }
            }
    }

    private static func contents(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count < fileLimit {
            let chunk = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
                count = max(0, read(file, buffer.baseAddress, buffer.count))
            }
            guard !chunk.isEmpty else { return bytes }
            bytes += chunk
        }
        return nil
    }
}
