import Glibc
import Synchronization

/// Answers for names of the tests in the place of the system's resolver: `getaddrinfo` of this program is the one
/// below, for libcurl too, so a test can see what happens when a name's address changes, or when nobody answers.
enum NameService {
    /// What a name has: the addresses of each answer, of which the last stays.
    struct Name: Sendable {
        var answers: [[String]]
        var isSilent = false
        var asked = 0
    }

    private static let names = Mutex<[String: Name]>([:])

    /// Gives a name its answers, one after the other.
    static func set(_ name: String, _ answers: [[String]]) {
        names.withLock { $0[name] = Name(answers: answers) }
    }

    /// Makes a name one that nobody answers for until it is set.
    static func silence(_ name: String) {
        names.withLock { $0[name] = Name(answers: [], isSilent: true) }
    }

    /// Whether this program's `getaddrinfo` is the one that libcurl finds: the package's linker settings export it.
    static var isInPlace: Bool {
        // RTLD_DEFAULT and RTLD_NEXT, which are macros.
        dlsym(nil, "getaddrinfo") != dlsym(UnsafeMutableRawPointer(bitPattern: -1), "getaddrinfo")
    }

    /// How often the name was asked for.
    static func asked(_ name: String) -> Int {
        names.withLock { $0[name]?.asked ?? 0 }
    }

    /// The addresses of the next answer, or nil for a name of the real world.
    fileprivate static func answer(_ name: String) -> [String]? {
        var isFirst = true
        while true {
            let state = names.withLock { names in
                if isFirst { names[name]?.asked += 1 }
                return names[name]
            }
            isFirst = false
            guard let state else { return nil }
            if !state.isSilent { return state.answers[max(0, min(state.asked, state.answers.count) - 1)] }
            usleep(1000)
        }
    }
}

private typealias Resolver =
    @convention(c) (
        UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<addrinfo>?,
        UnsafeMutablePointer<UnsafeMutablePointer<addrinfo>?>?
    ) -> CInt

@c(getaddrinfo)
func answerForName(
    _ name: UnsafePointer<CChar>?, _ service: UnsafePointer<CChar>?, _ hints: UnsafePointer<addrinfo>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<addrinfo>?>?
) -> CInt {
    // RTLD_NEXT, which is a macro.
    guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: -1), "getaddrinfo") else { return EAI_FAIL }
    let system = unsafeBitCast(symbol, to: Resolver.self)
    guard let name, let addresses = NameService.answer(String(cString: name)) else {
        return system(name, service, hints, result)
    }
    var last: UnsafeMutablePointer<addrinfo>?
    for address in addresses {
        var part: UnsafeMutablePointer<addrinfo>?
        guard system(address, service, hints, &part) == 0 else { continue }
        if let last { last.pointee.ai_next = part } else { result?.pointee = part }
        last = part
        while let next = last?.pointee.ai_next { last = next }
    }
    return last == nil ? EAI_NONAME : 0
}
