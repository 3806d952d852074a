import CFuzzer
import Glibc

/// Runs libFuzzer with the command line's arguments until it finds an input on which `body` crashes, or its time is over.
///
/// `body` gets the bytes of one input, valid during the call; it must not depend on what it was given before.
public func fuzz(_ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt) -> Never {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &arguments, body))
}

/// The bytes of an input.
public func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}

/// The bytes of an input as text, in which broken UTF-8 is replaced.
public func text(_ start: UnsafePointer<UInt8>?, _ count: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
}

/// Ends the run with the input as a finding, unless the rule holds.
public func expect(_ holds: Bool, _ rule: @autoclosure () -> String) {
    guard !holds else { return }
    let line = Array("the rule is broken: \(rule())\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    abort()
}
