// A whole routes.yaml of any bytes: it is loaded, or every reason why not is told; then its own tests are run.

import Configuration
import FuzzDriver
import Messages
import Routing

/// A disk that has one file.
struct OneFile: ConfigurationDisk {
    let content: [UInt8]

    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
        guard path == "routes.yaml" else { throw ConfigurationDiskError("\(path): no such file") }
        return content
    }

    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] { [] }
}

fuzz { start, count in
    let loader = ConfigurationLoader(
        environment: ["TOKEN": "secret"], disk: OneFile(content: bytes(start, count)),
        topLevelKeys: RouterConfiguration.topLevelKeys)
    let adapters = ["inbox", "http", "email", "feed", "webhook"].map { AdapterDescription(name: $0) }
    let (configuration, diagnostics) = RouterConfiguration.load(
        "routes.yaml", loader: loader, adapters: adapters, hostName: "hq.example")
    expect(configuration != nil || diagnostics.contains { $0.severity == .error }, "what is refused has a reason")
    for diagnostic in diagnostics { _ = diagnostic.description }
    if let configuration { _ = configuration.runTests(now: Timestamp(seconds: 1_700_000_000)) }
    return 0
}
