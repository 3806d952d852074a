/// Makes a name that a file can have of the one a stranger gave it.
enum FileName {
    /// The most bytes of a name.
    static let maximumLength = 255

    /// The last segment of a path, without control characters; `nil` when nothing is left.
    static func cleaned(_ text: String) -> String? {
        let last = text.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        // Marks that turn the writing direction make `exe.pdf` of `fdp.exe`.
        let kept = last.unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value)
                && !(0x202A...0x202E).contains($0.value) && !(0x2066...0x2069).contains($0.value)
        }
        var name = String(String.UnicodeScalarView(kept)).trimmed
        while name.hasPrefix(".") { name.removeFirst() }
        while name.utf8.count > maximumLength { name.removeFirst() }
        return name.isEmpty ? nil : name
    }
}
