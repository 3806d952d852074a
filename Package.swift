// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is built alike: Swift 6 mode, internal imports, and no warning goes by.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A C library of the system, through its module map in `Sources/C`.
func system(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// A room of the house, in `Sources/<name>`; what it may import stands in `imports`.
func room(_ name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: imports, path: "Sources/\(name)", resources: resources, swiftSettings: strict)
}

/// An adapter, in `Adapters/<name>`: it sees the kit and the values, and none of the rooms above it.
func adapter(_ name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(
        name: name,
        dependencies: ["AdapterKit", "Messages", "Transport", "Crypto", "Configuration", "Logging", "Clocks"] + imports,
        path: "Adapters/\(name)",
        exclude: ["README.md"],
        resources: [.embedInCode("manifest.yaml")] + resources,
        swiftSettings: strict
    )
}

/// The tests of one target, in `Tests/<name>Tests`.
func tests(_ name: String, imports: [Target.Dependency] = [], linking: [LinkerSetting] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name), "TestSupport"] + imports,
        path: "Tests/\(name)Tests",
        swiftSettings: strict,
        linkerSettings: linking
    )
}

/// What the tests of an adapter import, beside the adapter.
let adapterTests: [Target.Dependency] = [
    "AdapterTestSupport", "AdapterKit", "Messages", "Transport", "Configuration", "Logging", "Clocks",
]

let package = Package(
    name: "postroad",
    products: [.executable(name: "postroad", targets: ["postroad"])],
    targets: [
        // C libraries
        system("CUV", package: "libuv1-dev"),
        system("CCurl", package: "libcurl4-openssl-dev"),
        system("CYAML", package: "libyaml-dev"),
        system("CSQLite", package: "libsqlite3-dev"),
        system("CGMime", pkgConfig: "gmime-3.0", package: "libgmime-3.0-dev"),
        system("CXML", pkgConfig: "libxml-2.0", package: "libxml2-dev"),
        system("CCMark", pkgConfig: "libcmark-gfm", package: "libcmark-gfm-extensions-dev"),
        system("CPCRE2", package: "libpcre2-dev"),
        system("COpenSSL", package: "libssl-dev"),
        system("CNghttp2", package: "libnghttp2-dev"),
        system("CWslay", package: "libwslay-dev"),
        system("CZlib", package: "zlib1g-dev"),
        system("CBrotli", package: "libbrotli-dev"),
        .target(name: "CLLHTTP", path: "Sources/C/CLLHTTP"),
        .target(name: "CJobs", path: "Sources/C/CJobs"),

        // Rooms, from the ground up
        room("Messages"),
        room("Clocks", imports: ["Messages"]),
        room("Logging", imports: ["Messages"]),
        room("Files"),
        room("Crypto", imports: ["COpenSSL"]),
        room("SQLite", imports: ["CSQLite"]),
        room("Markup", imports: ["CXML", "CCMark"]),
        room("Configuration", imports: ["CYAML", "Messages", "Files"]),
        room(
            "Transport",
            imports: [
                "CUV", "CLLHTTP", "CJobs", "CCurl", "COpenSSL", "CNghttp2", "CWslay", "CZlib", "CBrotli", "Logging",
            ]
        ),
        room("Conditions", imports: ["CPCRE2", "Messages", "Configuration", "Clocks"]),
        room(
            "Stages", imports: ["Messages", "Configuration", "Conditions", "Markup"],
            resources: [.embedInCode("BuiltIn/Emoji/emoji.txt")]),
        room("Routing", imports: ["Messages", "Configuration", "Conditions", "Stages", "Files"]),
        room("Spooling", imports: ["Messages", "SQLite", "Files", "Crypto", "Clocks", "Logging"]),
        room(
            "AdapterKit",
            imports: ["Messages", "Transport", "Crypto", "Configuration", "Logging", "Clocks"]
        ),
        room(
            "Engine",
            imports: ["Messages", "Configuration", "Routing", "Stages", "Spooling", "AdapterKit", "Clocks", "Logging"]
        ),
        room(
            "Gateway",
            imports: [
                "Engine", "Routing", "Transport", "Messages", "AdapterKit", "Spooling", "Logging", "Clocks", "Files",
            ]),

        // Adapters
        adapter("Feed", imports: ["Markup", "Files"]),
        adapter("Email", imports: ["CGMime", "Markup"]),
        adapter("HTTP"),
        adapter("Webhook"),
        adapter("Pull"),
        adapter("Inbox", resources: [.embedInCode("inbox.html")]),

        // The command line, the only place that wires things
        .executableTarget(
            name: "postroad",
            dependencies: [
                "Messages", "Clocks", "Logging", "Files", "Crypto", "Configuration", "Transport", "Conditions",
                "Stages",
                "Routing", "Spooling", "AdapterKit", "Engine", "Gateway", "Feed", "Email", "HTTP", "Webhook", "Pull",
                "Inbox",
            ],
            path: "Sources/postroad",
            swiftSettings: strict
        ),

        // Tests
        .target(
            name: "TestSupport", dependencies: ["Clocks", "Messages", "Logging"], path: "Tests/Support",
            swiftSettings: strict
        ),
        .target(
            name: "AdapterTestSupport",
            dependencies: ["TestSupport", "AdapterKit", "Configuration", "Messages", "Transport", "Logging"],
            path: "Tests/AdapterSupport", swiftSettings: strict
        ),
        // The simulator: the whole exchange on one thread, a clock and a disk of its own, and a seed.
        .target(name: "CSimulation", path: "Tests/Simulation/Hooks"),
        .target(
            name: "Simulation",
            dependencies: [
                "CSimulation", "CSQLite", "Messages", "Clocks", "Logging", "Files", "Crypto", "Configuration", "Stages",
                "Routing",
                "Spooling", "AdapterKit", "Engine", "TestSupport",
            ],
            path: "Tests/Simulation", exclude: ["Hooks"], swiftSettings: strict
        ),
        tests(
            "Simulation",
            imports: ["Messages", "Clocks", "Logging", "Files", "SQLite", "Spooling", "AdapterKit", "Engine"]),
        tests("Messages", imports: ["Clocks"]),
        tests("Logging", imports: ["Messages"]),
        tests("Files"),
        tests("Crypto"),
        tests("SQLite"),
        tests("Markup"),
        tests("Configuration", imports: ["Messages", "Files"]),
        // The tests answer for names themselves, which libcurl must find.
        tests(
            "Transport", imports: ["Logging", "CNghttp2"],
            linking: [.unsafeFlags(["-Xlinker", "--export-dynamic-symbol=getaddrinfo"])]),
        tests("Conditions", imports: ["Messages", "Configuration"]),
        tests("Stages", imports: ["Messages", "Configuration", "Conditions"]),
        tests("Routing", imports: ["Messages", "Configuration", "Conditions", "Stages", "Files"]),
        tests("Spooling", imports: ["Messages", "SQLite", "Clocks", "Logging", "Files", "Crypto"]),
        tests("AdapterKit", imports: ["Messages", "Configuration", "Transport", "Logging", "Clocks", "Files"]),
        tests(
            "Engine",
            imports: [
                "Messages", "Routing", "Stages", "Spooling", "AdapterKit", "Clocks", "Logging", "Configuration",
                "Transport", "Files",
            ]
        ),
        tests(
            "Gateway",
            imports: [
                "Engine", "Transport", "Messages", "AdapterKit", "Spooling", "Logging", "Clocks", "Configuration",
                "Routing", "Files",
            ]
        ),
        tests("Feed", imports: ["AdapterKit", "Messages", "Transport", "Configuration", "Logging", "Clocks", "Files"]),
        tests("Email", imports: adapterTests + ["Crypto"]),
        tests("HTTP", imports: adapterTests + ["Crypto"]),
        tests("Webhook", imports: adapterTests + ["Crypto"]),
        tests("Pull", imports: adapterTests),
        tests("Inbox", imports: adapterTests + ["Crypto"]),
        .testTarget(
            name: "PostroadTests",
            dependencies: [
                "postroad", "Gateway", "TestSupport", "AdapterTestSupport", "AdapterKit", "Engine", "Messages",
                "Configuration", "Routing", "Spooling", "Transport", "Files", "Clocks", "Logging",
            ],
            path: "Tests/PostroadTests", exclude: ["Golden"], swiftSettings: strict
        ),
    ]
)

// Measurements of single rooms; `make bench` asks for them.
if Context.environment["POSTROAD_BENCH"] != nil {
    package.targets += [
        .executableTarget(name: "json-bench", dependencies: ["Messages"], path: "Bench/JSON", swiftSettings: strict),
        .executableTarget(
            name: "instructions-bench",
            dependencies: ["Configuration", "Messages", "Routing", "Stages", "Spooling", "Clocks", "Logging", "Files"],
            path: "Bench/Instructions", swiftSettings: strict),
        .executableTarget(
            name: "words-bench", dependencies: ["Stages", "Messages", "Configuration"], path: "Bench/Words",
            swiftSettings: strict),
        .executableTarget(
            name: "routing-bench",
            dependencies: ["Configuration", "Messages", "Routing", "Spooling", "SQLite", "Clocks", "Logging", "Files"],
            path: "Bench/Routing", swiftSettings: strict),
        .executableTarget(
            name: "spool-bench", dependencies: ["Spooling", "Messages", "Clocks", "Logging", "Files"],
            path: "Bench/Spool", swiftSettings: strict),
        .executableTarget(
            name: "transport-bench", dependencies: ["Transport", "Logging"], path: "Bench/Transport",
            exclude: ["gaps.c", "gaps.h", "handshakes.c", "latency.c", "measure.py"], swiftSettings: strict),
    ]
}

// The simulator's command line; `make simulate` and `make test` ask for it.
if Context.environment["POSTROAD_SIMULATE"] != nil {
    package.targets.append(
        .executableTarget(
            name: "simulate", dependencies: ["Simulation", "Files"], path: "Tests/SimulationCommand",
            swiftSettings: strict))
}

// Fuzz targets, with libFuzzer's instrumentation in all they stand on; `make fuzz` asks for them.
if Context.environment["POSTROAD_FUZZ"] != nil {
    func fuzz(_ name: String, of rooms: Target.Dependency...) -> Target {
        .executableTarget(
            name: "Fuzz\(name)", dependencies: ["FuzzDriver"] + rooms, path: "Fuzz/\(name)", swiftSettings: strict)
    }
    package.targets += [
        .target(name: "CFuzzer", path: "Fuzz/CFuzzer"),
        .target(name: "FuzzDriver", dependencies: ["CFuzzer"], path: "Fuzz/Driver", swiftSettings: strict),
        .target(
            name: "Samples", dependencies: ["Messages", "Configuration", "Stages"], path: "Fuzz/Samples",
            swiftSettings: strict),
        fuzz("Address", of: "Messages"),
        fuzz("TimeZone", of: "Messages"),
        fuzz("Envelope", of: "Messages"),
        fuzz("YAML", of: "Configuration"),
        fuzz("Condition", of: "Conditions", "Configuration", "Samples"),
        fuzz("Template", of: "Stages", "Configuration", "Messages", "Samples"),
        fuzz("Words", of: "Stages", "Configuration", "Messages", "Samples"),
        fuzz("Routes", of: "Routing", "Configuration", "Messages"),
        fuzz("Filter", of: "Spooling", "Messages"),
        fuzz("HTML", of: "Markup"),
        fuzz("Markdown", of: "Markup"),
        fuzz("Split", of: "Stages", "Configuration", "Messages", "Samples"),
        fuzz("Redact", of: "Stages", "Configuration", "Messages", "Samples"),
        fuzz("StripQuotes", of: "Stages", "Configuration", "Messages", "Samples"),
        fuzz("Extract", of: "Stages", "Configuration", "Messages", "Samples"),
        fuzz("HTTP", of: "Transport"),
        fuzz("HTTP2", of: "Transport"),
        fuzz("WebSocket", of: "Transport"),
        fuzz("Fields", of: "Transport"),
        fuzz("Proxy", of: "Transport"),
        fuzz("Multipart", of: "Transport"),
        fuzz("URL", of: "Transport"),
        fuzz("Feed", of: "Feed"),
        fuzz("Mail", of: "Email", "Messages"),
        fuzz("SMTP", of: "Email"),
        fuzz("Intake", of: "HTTP", "Messages", "Transport"),
    ]
}

// The transport alone, with its tests; `make sanitize` builds that with the sanitizers in every Swift file.
if Context.environment["POSTROAD_SANITIZE"] != nil {
    let rooms: Set = ["Messages", "Clocks", "Logging", "Transport", "TestSupport", "TransportTests"]
    package.products = []
    package.targets.removeAll { !rooms.contains($0.name) && !($0.path ?? "").hasPrefix("Sources/C/") }
    package.targets.append(.target(name: "CSynchronization", path: "Tests/Sanitizers/CSynchronization"))
    package.targets.first { $0.name == "TransportTests" }?.dependencies.append("CSynchronization")
}
