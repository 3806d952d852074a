import Glibc

// Dictionaries keep their order from one process to the next only so, and their order decides which lane goes first.
if getenv("SWIFT_DETERMINISTIC_HASHING") == nil {
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
}

guard let options = Options(CommandLine.arguments.dropFirst()) else {
    print(Options.usage)
    exit(2)
}
do {
    var runner = try Runner(options)
    exit(try runner.run() ? 0 : 1)
} catch {
    print("simulate: \(error)")
    exit(70)
}
