/// The adapters that routes.yaml can name: a value that is passed on, so that tests and builds of one's own choose.
public struct AdapterRegistry: Sendable {
    private var types: [String: any Adapter.Type] = [:]

    /// Creates a registry of these adapters.
    public init(_ types: [any Adapter.Type] = []) {
        for type in types { self.types[type.manifest.name] = type }
    }

    /// The adapter of this name.
    public subscript(name: String) -> (any Adapter.Type)? { types[name] }

    /// The names, in order.
    public var names: [String] { types.keys.sorted() }

    /// The manifests, in the order of their names.
    public var manifests: [AdapterManifest] { names.compactMap { types[$0]?.manifest } }

    /// A registry with one more adapter, or another one of the same name.
    public func with(_ type: any Adapter.Type) -> AdapterRegistry {
        var copy = self
        copy.types[type.manifest.name] = type
        return copy
    }
}
