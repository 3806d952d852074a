import Configuration
import Messages

/// The status of a router for a person.
struct StatusPrinter {
    let console: Console

    func print(_ status: JSON) {
        console.print(console.styled(Table.printable(status.text("name")), .bold))
        line("version", "\(status.text("version")), running since \(status.text("since"))")
        let refusal = status.text("refusal")
        line("takes", refusal.isEmpty ? "messages" : "nothing: \(refusal)")
        for listener in status["listeners"]?.array ?? [] {
            let count = listener["connections"]?.integer.map { $0 == 1 ? ", 1 connection" : ", \($0) connections" }
            line(listener.text("protocol"), listener.text("address") + (count ?? ""))
        }
        for certificate in status["certificates"]?.array ?? [] {
            let names = certificate["names"]?.array?.compactMap(\.string).joined(separator: ", ") ?? ""
            line("tls", "\(names), until \(certificate.text("expires")) (\(certificate.text("file")))")
        }
        let counts = (status["dispatches"]?.object?.members ?? []).filter { $0.value != 0 }
        let dispatches = counts.map { "\(status["dispatches"]?.text($0.name) ?? "") \($0.name)" }
        line("dispatches", dispatches.isEmpty ? "none" : dispatches.joined(separator: ", "))
        line("spool", ByteCount(bytes: Int(status["spool_bytes"]?.integer ?? 0)).rounded)
    }

    private func line(_ name: String, _ value: String) {
        console.print(name, value, indent: 2)
    }
}

extension ByteCount {
    /// The count in the largest unit that leaves one or more, with a digit behind the point: `1.4 MiB`.
    var rounded: String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard bytes >= 1_024 else { return "\(bytes) B" }
        var tenths = bytes * 10 / 1_024
        var unit = 0
        while tenths >= 10_240, unit + 1 < units.count {
            tenths /= 1_024
            unit += 1
        }
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
