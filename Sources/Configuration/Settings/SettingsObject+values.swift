public import Messages

// The typed way to each kind of setting. The plain names are for keys that are required or have a default, the ones
// that end in `IfGiven` for all others.

extension SettingsObject {
    /// The text of a string, address, topic pattern, URL, path, socket address or choice.
    public func string(_ name: String) -> String { stringIfGiven(name) ?? "" }

    /// The text, or `nil` without one.
    public func stringIfGiven(_ name: String) -> String? { value(name)?.string }

    /// The secret.
    public func secret(_ name: String) -> Secret { secretIfGiven(name) ?? Secret("") }

    /// The secret, or `nil` without one.
    public func secretIfGiven(_ name: String) -> Secret? { value(name)?.secret }

    /// The whole number.
    public func integer(_ name: String) -> Int { integerIfGiven(name) ?? 0 }

    /// The whole number, or `nil` without one.
    public func integerIfGiven(_ name: String) -> Int? { value(name)?.integer }

    /// The number.
    public func number(_ name: String) -> Double { numberIfGiven(name) ?? 0 }

    /// The number, or `nil` without one.
    public func numberIfGiven(_ name: String) -> Double? { value(name)?.number }

    /// The boolean; `false` without one.
    public func boolean(_ name: String) -> Bool { booleanIfGiven(name) ?? false }

    /// The boolean, or `nil` without one.
    public func booleanIfGiven(_ name: String) -> Bool? { value(name)?.boolean }

    /// The duration.
    public func duration(_ name: String) -> Duration { durationIfGiven(name) ?? .zero }

    /// The duration, or `nil` without one.
    public func durationIfGiven(_ name: String) -> Duration? { value(name)?.duration }

    /// The size.
    public func byteCount(_ name: String) -> ByteCount { byteCountIfGiven(name) ?? ByteCount(bytes: 0) }

    /// The size, or `nil` without one.
    public func byteCountIfGiven(_ name: String) -> ByteCount? { value(name)?.byteCount }

    /// The address, or `nil` without one.
    public func address(_ name: String) -> Address? { value(name)?.address }

    /// The addresses of a list of addresses, in the order of the file; none without one.
    public func addresses(_ name: String) -> [Address] { list(name).compactMap(\.address) }

    /// The topic pattern, or `nil` without one.
    public func topicPattern(_ name: String) -> TopicPattern? { value(name)?.topicPattern }

    /// The node of a setting that may be anything, or `nil` without one.
    public func node(_ name: String) -> YAMLNode? { value(name)?.node }

    /// The settings of an object; without one its defaults.
    public func object(_ name: String) -> SettingsObject {
        if let object = value(name)?.object { return object }
        var faults = Diagnostics()
        let nothing = YAMLNode(.mapping(YAMLMapping()), at: position(of: name))
        let schema = schema[name]?.type.objectSchema ?? []
        return schema.decode(nothing, at: keyPath(of: name), diagnostics: &faults)
    }

    /// The settings of an object, or `nil` without one.
    public func objectIfGiven(_ name: String) -> SettingsObject? { value(name)?.object }

    /// The items of a list, in the order of the file; none without one.
    public func list(_ name: String) -> [SettingValue] { value(name)?.list ?? [] }

    /// The texts of a list of texts; none without one.
    public func strings(_ name: String) -> [String] { list(name).compactMap(\.string) }

    /// The entries of a map, in the order of the file; none without one.
    public func map(_ name: String) -> [NamedSetting] { value(name)?.map ?? [] }

    /// The objects of a map of objects with their names, in the order of the file; none without one.
    public func objects(_ name: String) -> [(name: String, settings: SettingsObject)] {
        map(name).compactMap { entry in entry.value.object.map { (entry.name, $0) } }
    }

    /// The objects of a list of objects, in the order of the file; none without one.
    public func objectList(_ name: String) -> [SettingsObject] { list(name).compactMap(\.object) }
}
