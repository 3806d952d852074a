import Configuration

extension RouterSchema {
    static let router: SettingsSchema = [
        Setting(
            "name", .string, range: SettingRange(1...253),
            "The router's name in federated addresses and traces; the host's name unless given.", example: "hq.example"),
        Setting(
            "data", .path, default: "./data",
            "The folder of the spool, the blobs and the keys; relative to the folder of the file."),
        Setting("listen", .object(listen), default: "{}", "Where the router listens."),
        Setting("tls", .object(tls), default: "{}", "What the listeners with TLS show and ask for."),
        Setting("smtp", .object(mail), default: "{}", "Who may hand in mail."),
        Setting("http", .object(http), default: "{}", "How clients of the HTTP listeners are treated."),
        Setting(
            "proxy", .object(proxy),
            "The proxy by which the router's own HTTP requests go out; none unless given.",
            example: "{url: \"http://proxy.example:3128\"}"),
        Setting("limits", .object(limits), default: "{}", "What the router takes at most."),
        Setting(
            "metrics", .choice(RouterSettings.MetricsReaders.allCases.map(\.rawValue)), default: "operator",
            "Who may read `/metrics` and the reasons of `/readyz`: the `operator` by the control socket, `local` programs "
                + "of this machine too, or `everyone`."),
        Setting(
            "retention", .duration, default: "30d", range: SettingRange("1h", nil),
            "How long settled messages stay for trace, replay and search."),
        Setting(
            "postmaster", .address, default: "local:postmaster",
            "Who is told when something goes wrong with the router itself.", example: "mail:admin@example.org"),
        Setting(
            "public_url", .url,
            "How the router is reached from outside; links, images and callbacks need it.",
            example: "https://post.example.org"),
    ]

    private static let limits: SettingsSchema = [
        Setting(
            "message", .byteCount, default: "25MiB", range: SettingRange("1KiB", "1GiB"),
            "The largest message, its files included."),
        Setting(
            "spool", .byteCount, default: "10GiB", range: SettingRange("1MiB", nil),
            "How much may wait; beyond it platforms are told to come back later."),
        Setting("hops", .integer, default: "16", range: SettingRange(1...64), "How many routers a message passes."),
        Setting(
            "depth", .integer, default: "8", range: SettingRange(1...64),
            "How many generations of messages may come of one another."),
    ]

    private static let proxy: SettingsSchema = [
        Setting(
            "url", .url, isRequired: true,
            "The proxy: `http://`, `https://`, `socks5://` or `socks5h://`, with a name and a password if it wants them.",
            example: "http://proxy.example:3128"),
        Setting(
            "except", .list(of: .string), range: SettingRange(0...100),
            "Hosts that are reached without it: a name, `.example.org` for all names below one, an address, a network.",
            example: "[localhost, .hq.example, 10.0.0.0/8]"),
    ]
}
