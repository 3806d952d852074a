import Messages

extension SettingsSchema {
    /// The JSON Schema (draft 2020-12) of the mapping as text, for editors that complete and check YAML by it.
    ///
    /// Every scalar also takes `${…}` and `{file: …}`, for those are filled in before the value is checked.
    public func jsonSchema(title: String = "") -> String {
        var schema: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema"]
        if !title.isEmpty { schema["title"] = .string(title) }
        for member in SettingsJSONSchema.object(self).members { schema[member.name] = member.value }
        schema["$defs"] = ["filled_in": SettingsJSONSchema.filledIn]
        return JSON.object(schema).indented() + "\n"
    }
}

/// Turns settings into JSON Schema.
private enum SettingsJSONSchema {
    static let filledIn: JSON = [
        "anyOf": [
            ["type": "string", "pattern": #"\$\{[A-Za-z_]"#],
            [
                "type": "object", "properties": ["file": ["type": "string"]], "required": ["file"],
                "additionalProperties": false,
            ],
        ]
    ]

    static func object(_ schema: SettingsSchema) -> JSONObject {
        var properties = JSONObject()
        for setting in schema.settings { properties[setting.name] = property(setting) }
        var object: JSONObject = ["type": "object", "properties": .object(properties), "additionalProperties": false]
        let required = schema.settings.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        return object
    }

    private static func property(_ setting: Setting) -> JSON {
        var object = type(setting.type, setting.range)
        object["description"] = .string(setting.prose)
        if let text = setting.defaultText { object["default"] = value(text, setting.type) }
        if let text = setting.example { object["examples"] = .array([value(text, setting.type)]) }
        return .object(object)
    }

    private static func type(_ type: SettingType, _ range: SettingRange? = nil) -> JSONObject {
        switch type {
        case .any: return [:]
        case .list(let element):
            let list: JSONObject = ["type": "array", "items": .object(self.type(element))]
            return ["anyOf": [.object(bounded(list, range, "minItems", "maxItems")), .object(self.type(element))]]
        case .map(let element, let keys):
            var map: JSONObject = ["type": "object", "additionalProperties": .object(self.type(element))]
            if keys == .name { map["propertyNames"] = ["pattern": "^[a-z][a-z0-9_-]{0,31}$"] }
            return bounded(map, range, "minProperties", "maxProperties")
        case .object(let schema): return object(schema)
        case .oneOf(let types): return ["anyOf": .array(types.map { .object(self.type($0)) })]
        default:
            return ["anyOf": [.object(scalar(type, range)), ["$ref": "#/$defs/filled_in"]]]
        }
    }

    private static func scalar(_ type: SettingType, _ range: SettingRange?) -> JSONObject {
        switch type {
        case .integer: bounded(["type": "integer"], range, "minimum", "maximum")
        case .number: bounded(["type": "number"], range, "minimum", "maximum")
        case .boolean: ["type": "boolean"]
        case .choice(let words): ["enum": .array(words.map { .string($0) })]
        case .duration: ["type": ["string", "integer"], "pattern": "^(0|([0-9]+(w|d|h|ms|m|s))+)$"]
        case .byteCount: ["type": ["string", "integer"], "pattern": "^[0-9]+([KMGT]i?B|kB|B)?$"]
        case .rate: ["type": "string", "pattern": "^[0-9]+/([0-9]+)?(w|d|h|ms|m|s)"]
        case .url: ["type": "string", "format": "uri"]
        case .target: ["type": "string"]
        case .address, .topicPattern, .socketAddress, .listener: ["type": "string", "pattern": ":"]
        default: bounded(["type": ["string", "number", "boolean"]], range, "minLength", "maxLength")
        }
    }

    private static func bounded(
        _ object: JSONObject, _ range: SettingRange?, _ minimum: String, _ maximum: String
    ) -> JSONObject {
        var object = object
        if let bound = range?.minimum { object[minimum] = number(bound) }
        if let bound = range?.maximum { object[maximum] = number(bound) }
        return object
    }

    private static func number(_ text: String) -> JSON {
        Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .null
    }

    /// A default or example as JSON.
    private static func value(_ text: String, _ type: SettingType) -> JSON {
        var diagnostics = Diagnostics()
        let node = SettingsDecoder.builtIn(text, type, &diagnostics)
        return node.map(json) ?? .string(text)
    }

    private static func json(_ node: YAMLNode) -> JSON {
        switch node.content {
        case .sequence(let items): return .array(items.map(json))
        case .mapping(let mapping):
            var object = JSONObject()
            for entry in mapping.entries { object[entry.key] = json(entry.value) }
            return .object(object)
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return .null
            case .boolean(let boolean): return .bool(boolean)
            case .integer(let integer): return .integer(Int64(integer))
            case .number(let number): return .number(number)
            case .string(let text): return .string(text)
            }
        }
    }
}
