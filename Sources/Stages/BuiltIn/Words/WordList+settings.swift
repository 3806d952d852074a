import Configuration

extension WordList {
    /// Reads the words of the settings of `words`; what is wrong with them or with a file is reported.
    init?(_ settings: SettingsObject, _ files: ConfigurationFiles, diagnostics: inout Diagnostics) {
        let errors = diagnostics.errors.count
        var words: [String] = []
        for value in settings.list("list") {
            let word = value.string ?? ""
            if let fault = Self.fault(of: word) {
                diagnostics.error(fault, at: value.position, keyPath: value.keyPath)
            } else {
                words.append(word)
            }
        }
        if let file = settings.value("file") {
            words += Self.read(file, files, diagnostics: &diagnostics)
        }
        if !settings.isGiven("list"), !settings.isGiven("file") {
            diagnostics.error("expected list or file in it", at: settings.position, keyPath: settings.keyPath)
        }
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        if let file = settings.value("table") {
            table = CharacterTable.read(file, files, diagnostics: &diagnostics)
        }
        if Set(words.lazy.flatMap(\.unicodeScalars)).count > SymbolTable.limit {
            diagnostics.error(
                "the words have more than \(SymbolTable.limit) different characters", at: settings.position,
                keyPath: settings.keyPath)
        }
        guard diagnostics.errors.count == errors else { return nil }
        let options = Options(
            matchesWholeWords: settings.boolean("whole_words"), ignoresSeparators: settings.boolean("ignore_spaces"))
        self.init(words, folding: WordFolding(table: table), options: options)
    }

    private static func fault(of word: String) -> String? {
        guard word.unicodeScalars.contains(where: { !$0.properties.isWhitespace && !WordScalar.isInvisible($0) }) else {
            return "a word has a character that can be seen"
        }
        guard word.unicodeScalars.count <= lengthLimit else { return "a word has at most \(lengthLimit) characters" }
        return nil
    }

    private static func read(
        _ file: SettingValue, _ files: ConfigurationFiles, diagnostics: inout Diagnostics
    ) -> [String] {
        let path = file.string ?? ""
        do {
            let entries = TextLines.entries(of: try files.text(path, namedAt: file.position, limit: sizeLimit))
            for (number, word) in entries {
                guard let fault = fault(of: word) else { continue }
                diagnostics.error("line \(number) of \(path): \(fault)", at: file.position, keyPath: file.keyPath)
                break
            }
            return entries.map(\.text)
        } catch {
            diagnostics.error(error.description, at: file.position, keyPath: file.keyPath)
            return []
        }
    }
}

/// A file of characters that count as the same.
enum CharacterTable {
    /// The largest file.
    private static let sizeLimit = 4 << 20

    /// Reads a file with two characters in each line, the second one for the first; of a third and further ones nothing is
    /// taken, and lines with longer texts, as OpenCC's tables have, are left out.
    static func read(
        _ file: SettingValue, _ files: ConfigurationFiles, diagnostics: inout Diagnostics
    ) -> [Unicode.Scalar: Unicode.Scalar] {
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        do {
            let text = try files.text(file.string ?? "", namedAt: file.position, limit: sizeLimit)
            for (_, line) in TextLines.entries(of: text) {
                let fields = line.unicodeScalars.split { $0.properties.isWhitespace }
                guard fields.count > 1, fields[0].count == 1, fields[1].count == 1, let from = fields[0].first,
                    let to = fields[1].first
                else { continue }
                table[from] = to
            }
            if table.isEmpty {
                diagnostics.error(
                    "\(file.string ?? "") has no line with two characters", at: file.position, keyPath: file.keyPath)
            }
        } catch {
            diagnostics.error(error.description, at: file.position, keyPath: file.keyPath)
        }
        return table
    }
}
