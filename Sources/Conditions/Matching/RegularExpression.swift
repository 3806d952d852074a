import CPCRE2

/// A regular expression in Perl's syntax, compiled once: the one place that calls PCRE2.
///
/// Letters, digits and `\b` are Unicode's. What a hostile text can cost is bounded: every step of the matcher is
/// counted over the whole text, and beyond a limit it gives up. PCRE2's own match limit would count anew at every
/// position of the text, and so bound next to nothing on a long one (pcre2api(3), "The match context").
public final class RegularExpression {
    /// How a pattern is read.
    public struct Options: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt32

        /// Makes options of their bits.
        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// `i`: upper and lower case are the same.
        public static let ignoresCase = Options(rawValue: 1)
        /// `s`: a dot also stands for a line break.
        public static let dotMatchesLineBreaks = Options(rawValue: 2)
        /// `m`: `^` and `$` also stand at line breaks.
        public static let anchorsMatchLines = Options(rawValue: 4)
        /// `x`: white space and comments in the pattern do not count.
        public static let ignoresWhitespace = Options(rawValue: 8)
    }

    /// The longest pattern in bytes.
    public static let patternLimit = 4_096
    /// How much memory a match may take for backtracking, in KiB.
    private static let heapLimit: UInt32 = 16_384

    /// The pattern, without slashes and flags.
    public let pattern: String
    /// How it is read.
    public let options: Options

    private let code: OpaquePointer

    /// Compiles a pattern.
    ///
    /// - Throws: ``RegularExpressionError`` when it is too long or not well formed.
    public init(_ pattern: String, options: Options = []) throws(RegularExpressionError) {
        guard pattern.utf8.count <= Self.patternLimit else {
            throw RegularExpressionError(reason: "the pattern is longer than \(Self.patternLimit) bytes", offset: 0)
        }
        var (number, offset) = (CInt(0), 0)
        var text = pattern
        let code = text.withUTF8 { bytes in
            pcre2_compile_8(bytes.baseAddress, bytes.count, options.compileBits, &number, &offset, nil)
        }
        guard let code else {
            let before = String(decoding: pattern.utf8.prefix(offset), as: UTF8.self)
            throw RegularExpressionError(reason: Self.message(number), offset: before.unicodeScalars.count)
        }
        self.pattern = pattern
        self.options = options
        self.code = code
        // Without just-in-time compilation, on a processor it does not know, matching is slower and as sound.
        _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// How many steps the matcher takes on texts: enough for every sane pattern, linear in the length, and about a
    /// second at most.
    static func stepLimit(forBytes count: Int) -> Int { min(500_000 + 20 * count, 20_000_000) }

    /// Looks for the pattern in a text.
    ///
    /// Safe from any thread. A hopeless search ends after about 0.1 s on a short text and about 1 s on a long one.
    public func match(_ text: String) -> MatchOutcome { match(anyOf: CollectionOfOne(text)) }

    /// Looks for the pattern in several texts, in all with the steps that one text of their length has.
    func match(anyOf texts: some Collection<String>) -> MatchOutcome {
        var steps = Self.stepLimit(forBytes: texts.reduce(0) { $0 + $1.utf8.count })
        for text in texts {
            let outcome = match(text, steps: &steps)
            guard outcome == .differs else { return outcome }
        }
        return .differs
    }

    private func match(_ text: String, steps: inout Int) -> MatchOutcome {
        guard let data = pcre2_match_data_create_8(1, nil) else { return .limitExceeded }
        defer { pcre2_match_data_free_8(data) }
        var text = text
        return text.withUTF8 { Self.outcome(match($0, into: data, steps: &steps)) }
    }

    /// Matches into the data, which may hold more places than that of the whole match.
    private func match(_ bytes: UnsafeBufferPointer<UInt8>, into data: OpaquePointer, steps: inout Int) -> CInt {
        let outcome = match(bytes, into: data, options: PCRE2_NO_UTF_CHECK, steps: &steps)
        // The compiled code has a small stack; the interpreter takes memory instead, up to the limit.
        guard outcome == PCRE2_ERROR_JIT_STACKLIMIT else { return outcome }
        return match(bytes, into: data, options: PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, steps: &steps)
    }

    private func match(
        _ bytes: UnsafeBufferPointer<UInt8>, into data: OpaquePointer, options: UInt32, steps: inout Int
    ) -> CInt {
        // Each match has its own context, for the steps are counted in it.
        guard let context = pcre2_match_context_create_8(nil) else { return PCRE2_ERROR_NOMEMORY }
        defer { pcre2_match_context_free_8(context) }
        guard pcre2_set_heap_limit_8(context, Self.heapLimit) == 0 else { return PCRE2_ERROR_INTERNAL }
        return withUnsafeMutablePointer(to: &steps) { steps in
            // Called before each item of the pattern; a negative answer ends the match (pcre2callout(3)).
            let code = pcre2_set_callout_8(
                context,
                { _, steps in
                    guard let steps = steps?.assumingMemoryBound(to: Int.self) else { return PCRE2_ERROR_CALLOUT }
                    steps.pointee -= 1
                    return steps.pointee < 0 ? PCRE2_ERROR_CALLOUT : 0
                }, steps)
            guard code == 0 else { return PCRE2_ERROR_INTERNAL }
            return pcre2_match_8(self.code, bytes.baseAddress, bytes.count, 0, options, data, context)
        }
    }

    // MARK: Groups

    /// The names of the groups, `(?<name>…)`, in the order of their names (pcre2api(3), "Information about a compiled
    /// pattern").
    public var groupNames: [String] { groups.map(\.name) }

    private var groups: [(name: String, number: Int)] {
        var (count, size) = (UInt32(0), UInt32(0))
        var table: UnsafePointer<UInt8>?
        guard pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count) == 0,
            pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size) == 0,
            pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table) == 0, let table
        else { return [] }
        return (0..<Int(count)).map { index in
            // Two bytes of the group's number, then its name up to a zero.
            let entry = UnsafeBufferPointer(start: table + index * Int(size), count: Int(size))
            let name = entry.dropFirst(2).prefix { $0 != 0 }
            return (String(decoding: name, as: UTF8.self), Int(entry[0]) << 8 | Int(entry[1]))
        }
    }

    /// Looks for the pattern in a text, and for what its named groups hold at the first place where it is found.
    ///
    /// - Returns: the outcome, and the texts of the groups that took part in a match.
    public func captures(in text: String) -> (outcome: MatchOutcome, groups: [String: String]) {
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { return (.limitExceeded, [:]) }
        defer { pcre2_match_data_free_8(data) }
        var (text, steps) = (text, Self.stepLimit(forBytes: text.utf8.count))
        return text.withUTF8 { bytes in
            let code = match(bytes, into: data, steps: &steps)
            guard code > 0, let places = pcre2_get_ovector_pointer_8(data) else { return (Self.outcome(code), [:]) }
            var found: [String: String] = [:]
            for (name, number) in groups where number < Int(code) && found[name] == nil {
                let (start, end) = (places[2 * number], places[2 * number + 1])
                // A group that took no part has no place: PCRE2_UNSET, which is -1 here.
                guard start >= 0, start <= end, end <= bytes.count else { continue }
                found[name] = String(decoding: bytes[start..<end], as: UTF8.self)
            }
            return (.matches, found)
        }
    }

    /// A match is 0 or more (0 when there are more groups than asked for); every limit has an error of its own.
    private static func outcome(_ code: CInt) -> MatchOutcome {
        if code >= 0 { return .matches }
        return code == PCRE2_ERROR_NOMATCH ? .differs : .limitExceeded
    }

    private static func message(_ number: CInt) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
            guard length >= 0 else { return "it is not well formed" }
            return String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
        }
    }
}

// PCRE2's compiled pattern is not changed after compilation, and may be matched by several threads at once as long as
// each has its own match data and context (pcre2api(3), "Multithreading"); all other properties are constant values.
extension RegularExpression: @unchecked Sendable {}

extension RegularExpression: Hashable {
    /// Compares patterns and options.
    public static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        left.pattern == right.pattern && left.options == right.options
    }

    /// Hashes pattern and options.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(pattern)
        hasher.combine(options)
    }
}

extension RegularExpression: CustomStringConvertible {
    /// The expression as conditions write it: `/swift/i`.
    public var description: String { "/\(pattern)/\(options.flags)" }
}

extension RegularExpression.Options {
    private static let letters: [(letter: Character, option: Self, bits: UInt32)] = [
        ("i", .ignoresCase, PCRE2_CASELESS), ("s", .dotMatchesLineBreaks, PCRE2_DOTALL),
        ("m", .anchorsMatchLines, PCRE2_MULTILINE), ("x", .ignoresWhitespace, PCRE2_EXTENDED),
    ]

    /// Reads flags such as `im`; `u` is taken, for every expression is a Unicode one.
    ///
    /// - Returns: `nil` at an unknown letter.
    public init?(flags: some StringProtocol) {
        self = []
        for letter in flags where letter != "u" {
            guard let known = Self.letters.first(where: { $0.letter == letter }) else { return nil }
            insert(known.option)
        }
    }

    /// The letters of the options.
    var flags: String { String(Self.letters.filter { contains($0.option) }.map(\.letter)) }

    /// PCRE2's bits: always Unicode, never `\C`, which would split a character.
    fileprivate var compileBits: UInt32 {
        let always = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT
        return Self.letters.filter { contains($0.option) }.reduce(always) { $0 | $1.bits }
    }
}

/// Why a pattern is no regular expression.
public struct RegularExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// PCRE2's reason.
    public let reason: String
    /// Where in the pattern, in Unicode scalars from 0.
    public let offset: Int

    /// What is wrong and where.
    public var description: String { "\(reason) at character \(offset + 1) of the pattern" }
}
