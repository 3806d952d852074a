import Messages

/// What an event's data says to people: a subject and parts.
///
/// Of an object the first string of `text`, `markdown`, `html`, `message`, `content`, `body` and `description` is the
/// text, the first of `subject` and `title` the subject. All of it stays in a part of the type `data`, unless the text
/// and the subject are all there is.
struct Payload: Sendable, Hashable {
    /// The line that sums it up.
    var subject: String?
    /// The parts.
    var parts: [Part] = []

    private static let textNames: [(name: String, format: TextFormat)] = [
        ("text", .plain), ("markdown", .markdown), ("html", .html), ("message", .plain), ("content", .plain),
        ("body", .plain), ("description", .plain),
    ]

    /// Reads JSON data.
    init(_ json: JSON) {
        switch json {
        case .null: return
        case .string(let text): parts = [.text(text)]
        case .object(let object): read(object, json)
        default: parts = [Self.data(json)]
        }
    }

    /// Reads text data.
    init(text: String, mediaType: String) {
        let format: TextFormat =
            switch mediaType {
            case "text/markdown": .markdown
            case "text/html": .html
            default: .plain
            }
        parts = text.isEmpty ? [] : [.text(text, format: format)]
    }

    /// Has these parts.
    init(parts: [Part]) {
        self.parts = parts
    }

    /// Reads any other data.
    init(bytes: [UInt8], mediaType: String) {
        parts = [Part(type: PartType(mediaType: mediaType), mediaType: mediaType, content: .bytes(bytes))]
    }

    private mutating func read(_ object: JSONObject, _ json: JSON) {
        var used = 0
        for (name, format) in Self.textNames {
            guard let text = object[name]?.string, !text.isEmpty else { continue }
            parts = [.text(text, format: format)]
            used += 1
            break
        }
        for name in ["subject", "title"] {
            guard let line = object[name]?.string, !line.isEmpty else { continue }
            subject = line
            used += 1
            break
        }
        if used < object.members.count { parts.append(Self.data(json)) }
    }

    private static func data(_ json: JSON) -> Part {
        Part(type: .data, mediaType: "application/json", content: .value(json))
    }

    /// Whether a person can read something in it.
    var isReadable: Bool {
        parts.contains { $0.type == .text }
    }

    /// Whether it has something for people: a text or a file.
    var isForPeople: Bool {
        parts.contains { $0.type != .data }
    }
}
