/// What a mapping `{file: path}` stands for where a scalar is expected.
enum FileFillIn: Sendable, Hashable {
    /// The contents of the file, without the line break at the end.
    case contents(YAMLScalar)
    /// Why the file cannot be used.
    case failed(String)
}
