import Configuration
import Files
import Messages
import Testing

/// `docs/openapi.yaml`, as far as the tests ask of it.
struct OpenAPIDocument {
    private let root: YAMLNode

    init() throws {
        let text = try FileSystem.posix.readText(repository.appending("docs/openapi.yaml"), limit: 1 << 20)
        var diagnostics = Diagnostics()
        let node = YAMLNode.parse(text, file: "openapi.yaml", diagnostics: &diagnostics)
        root = try #require(node, "\(diagnostics.all)")
        try #require(diagnostics.all.isEmpty, "\(diagnostics.all)")
    }

    /// The version of the release that the file describes.
    var version: String? { root["info"]?["version"]?.scalar?.text }

    /// The operations, as `GET /v1/status`, with what they say.
    var operations: [String: YAMLNode] {
        var result: [String: YAMLNode] = [:]
        for path in root["paths"]?.mapping?.entries ?? [] {
            for method in path.value.mapping?.entries ?? [] {
                result["\(method.key.uppercased()) \(path.key)"] = method.value
            }
        }
        return result
    }

    /// A schema by its name.
    func schema(_ name: String) throws -> YAMLNode {
        try #require(root["components"]?["schemas"]?[name])
    }

    /// The schema of the answer of an operation that goes well.
    func answer(of operation: String, status: String = "200") throws -> YAMLNode {
        let response = try #require(operations[operation]?["responses"]?[status])
        return try #require(response["content"]?["application/json"]?["schema"])
    }

    /// The values of an enumeration in a schema.
    func values(_ schema: String, _ property: String) throws -> [String] {
        try #require(self.schema(schema)["properties"]?[property]?["enum"]?.sequence).compactMap(\.scalar?.text)
    }

    /// All references, wherever they stand, that lead nowhere.
    var deadReferences: [String] {
        references(in: root).filter { resolve($0) == nil }
    }

    /// The schema without its references: what it refers to with all that stands beside the reference.
    private func resolve(_ reference: String) -> YAMLNode? {
        reference.dropFirst(2).split(separator: "/").reduce(YAMLNode?.some(root)) { $0?[String($1)] }
    }

    private func references(in node: YAMLNode) -> [String] {
        switch node.content {
        case .scalar: []
        case .sequence(let items): items.flatMap(references)
        case .mapping(let mapping):
            mapping.entries.flatMap { entry in
                entry.key == "$ref" ? [entry.value.scalar?.text ?? ""] : references(in: entry.value)
            }
        }
    }
}

// MARK: - Comparing answers with schemas

extension OpenAPIDocument {
    /// What a value has and its schema does not name, and what the schema requires and the value has not.
    func faults(of value: JSON, _ schema: YAMLNode, at path: String = "") -> [String] {
        let schemas = flat(schema)
        if let items = value.array {
            guard let element = schemas.lazy.compactMap({ $0["items"] }).first else { return ["\(path) is a list"] }
            return items.flatMap { self.faults(of: $0, element, at: "\(path)[]") }
        }
        let properties = schemas.flatMap { $0["properties"]?.mapping?.entries ?? [] }
        guard let object = value.object, !properties.isEmpty else {
            return value.object == nil ? wrong(value, schemas, path) : []
        }
        var faults: [String] = []
        for member in object.members {
            if let property = properties.first(where: { $0.key == member.name }) {
                faults += self.faults(of: member.value, property.value, at: "\(path).\(member.name)")
            } else {
                faults.append("\(path).\(member.name) is not in the file")
            }
        }
        let required = schemas.flatMap { $0["required"]?.sequence ?? [] }.compactMap(\.scalar?.text)
        return faults + required.filter { object[$0] == nil }.map { "\(path).\($0) is missing" }
    }

    /// A scalar that is not of the type or not one of the values.
    private func wrong(_ value: JSON, _ schemas: [YAMLNode], _ path: String) -> [String] {
        for schema in schemas {
            if let values = schema["enum"]?.sequence?.compactMap(\.scalar?.text), !values.contains(value.string ?? "") {
                return ["\(path) is \(value), which is none of \(values)"]
            }
            switch schema["type"]?.scalar?.text {
            case "string"? where value.string == nil, "integer"? where value.integer == nil,
                "boolean"? where value.bool == nil, "object"?, "array"?:
                return ["\(path) is \(value)"]
            default: continue
            }
        }
        return []
    }

    /// A schema with all that it refers to and consists of.
    private func flat(_ schema: YAMLNode) -> [YAMLNode] {
        var schemas = [schema]
        if let reference = schema["$ref"]?.scalar?.text, let target = resolve(reference) { schemas += flat(target) }
        for part in schema["allOf"]?.sequence ?? [] { schemas += flat(part) }
        return schemas
    }
}
