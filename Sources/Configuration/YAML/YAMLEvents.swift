import CYAML

/// What the parser finds, one after another.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(text: String, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    /// Line and column of the first character and of the one after the last, counted from 0.
    var start: (line: Int, column: Int)
    var end: (line: Int, column: Int)
}

/// Why libyaml could not go on.
struct YAMLSyntaxError: Error {
    /// Line and column counted from 0; `nil` where only the byte is known.
    var mark: (line: Int, column: Int)?
    /// The byte the fault is at.
    var offset: Int
    var problem: String
    /// What the parser was at, as in `while parsing a block mapping`.
    var context: String?
}

/// libyaml's event parser over a copy of the text: the one place that calls libyaml.
final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Copies the text, for libyaml reads it bit by bit.
    ///
    /// - Throws: ``YAMLSyntaxError`` when there is no memory for a parser.
    init(_ bytes: some Collection<UInt8>) throws(YAMLSyntaxError) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            throw YAMLSyntaxError(mark: nil, offset: 0, problem: "there is no memory for a parser", context: nil)
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// Finds the next event.
    ///
    /// - Throws: ``YAMLSyntaxError`` at the first fault; libyaml cannot go on after it.
    func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { yaml_event_delete(&event) }
        var found = YAMLEvent(kind: .streamEnd, start: Self.place(event.start_mark), end: Self.place(event.end_mark))
        switch event.type {
        case YAML_STREAM_START_EVENT: found.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: found.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: found.kind = .documentEnd
        case YAML_ALIAS_EVENT: found.kind = .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: Self.fill(&found, scalar: event)
        case YAML_SEQUENCE_START_EVENT:
            found.kind = .sequenceStart
            found.anchor = Self.text(event.data.sequence_start.anchor)
            found.tag = Self.text(event.data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: found.kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            found.kind = .mappingStart
            found.anchor = Self.text(event.data.mapping_start.anchor)
            found.tag = Self.text(event.data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: found.kind = .mappingEnd
        default: break
        }
        return found
    }

    private static func fill(_ found: inout YAMLEvent, scalar event: yaml_event_t) {
        let scalar = event.data.scalar
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        found.kind = .scalar(
            text: String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
        found.anchor = text(scalar.anchor)
        found.tag = text(scalar.tag)
    }

    private func syntaxError() -> YAMLSyntaxError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "there is no memory to parse it"
        let context = state.context.map { String(cString: $0) }
        if state.error == YAML_READER_ERROR {
            return YAMLSyntaxError(mark: nil, offset: state.problem_offset, problem: problem, context: nil)
        }
        return YAMLSyntaxError(
            mark: Self.place(state.problem_mark), offset: 0, problem: problem, context: context)
    }

    private static func place(_ mark: yaml_mark_t) -> (line: Int, column: Int) {
        (Int(mark.line), Int(mark.column))
    }

    private static func text(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text(UnsafePointer(pointer))
    }
}
