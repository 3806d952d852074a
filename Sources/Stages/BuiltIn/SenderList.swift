import Configuration
import Messages

/// Addresses of senders, exact or with one star for any number of characters.
struct SenderList: Sendable, Hashable {
    /// The largest file of addresses.
    static let fileLimit = 16 << 20

    private var exact: Set<String> = []
    private var patterns: [(before: String, after: String)] = []

    init() {}

    /// Whether there is nobody in it.
    var isEmpty: Bool { exact.isEmpty && patterns.isEmpty }

    /// Takes an address or a pattern in.
    ///
    /// - Returns: what is wrong with it, if something is.
    mutating func add(_ text: String) -> String? {
        let pieces = text.split(separator: "*" as Character, omittingEmptySubsequences: false).map(String.init)
        guard pieces.count <= 2 else { return "there is more than one * in it" }
        guard pieces.count == 2 else {
            if (try? Address(parsing: text)) == nil { return "it is no address such as mail:ann@example.org" }
            exact.insert(text)
            return nil
        }
        guard pieces[0].contains(":") else { return "the * stands before the mailbox is named, as in mail:*" }
        patterns.append((pieces[0], pieces[1]))
        return nil
    }

    /// Whether somebody is in it.
    func contains(_ address: Address) -> Bool {
        let text = address.description
        return exact.contains(text)
            || patterns.contains {
                text.utf8.count >= $0.before.utf8.count + $0.after.utf8.count && text.hasPrefix($0.before)
                    && text.hasSuffix($0.after)
            }
    }

    static func == (left: SenderList, right: SenderList) -> Bool {
        left.exact == right.exact && left.patterns.map { [$0, $1] } == right.patterns.map { [$0, $1] }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(exact) }
}

extension SenderList {
    /// Takes in the addresses of a file: one a line, empty lines and those that begin with a # left out.
    mutating func add(
        file: SettingValue, _ files: ConfigurationFiles, diagnostics: inout Diagnostics
    ) {
        let path = file.string ?? ""
        do {
            let text = try files.text(path, namedAt: file.position, limit: Self.fileLimit)
            for (number, line) in TextLines.entries(of: text) {
                guard let fault = add(line) else { continue }
                diagnostics.error(
                    "\(ShownText.quoted(line)) in line \(number) of \(path) is no sender: \(fault)", at: file.position,
                    keyPath: file.keyPath)
            }
        } catch {
            diagnostics.error(error.description, at: file.position, keyPath: file.keyPath)
        }
    }
}
