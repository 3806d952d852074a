/// What can be wrong with includes and overrides.
enum LoadingFault {
    case unreadable(reason: String)
    case noMapping(got: String)
    case badInclude(got: String)
    case includedTwice(String)
    case tooManyFiles(limit: Int)
    case defined(key: String, first: SourcePosition)
    case unknownOverride(name: String, key: String)
    case badOverrideName
    case overrideInScalar(key: String, parent: String, got: String)
    case badIndex(key: String, count: Int)
    case ambiguousOverride(key: String, keys: [String])

    /// What is wrong, and what to do.
    var message: String {
        switch self {
        case .unreadable(let reason): reason
        case .noMapping(let got): "expected a mapping of keys at the top of the file, got \(got)"
        case .badInclude(let got): "expected the paths of files to include, got \(got)"
        case .includedTwice(let path): "the file \(quoted(path)) is included more than once, or includes itself"
        case .tooManyFiles(let limit): "more than \(limit) files are included"
        case .defined(let key, let first): "the key \(quoted(key)) is given here and at \(first)"
        case .unknownOverride(let name, let key):
            "this variable overrides \(quoted(key)), but no such key is at the top of routes.yaml; "
                + "unset \(printable(name)) or correct it"
        case .badOverrideName:
            "the name of a variable that overrides keys has a key between every two double underscores"
        case .overrideInScalar(let key, let parent, let got):
            "this variable overrides \(quoted(key)) in \(parent), which holds \(got)"
        case .badIndex(let key, let count): "\(quoted(key)) is no index of a list; expected a number from 0 to \(count)"
        case .ambiguousOverride(let key, let keys):
            "\(quoted(key)) can mean \(alternatives(keys.map(quoted))); rename one of them"
        }
    }
}
