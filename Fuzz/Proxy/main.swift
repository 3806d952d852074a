// A header of the PROXY protocol of any bytes.

import FuzzDriver

@testable import Transport

/// What the bytes are when no more of them is looked at than the reader asks for, and how many it took.
func read(_ bytes: [UInt8], step: Int) -> (header: ProxyHeader?, used: Int) {
    var taken: [UInt8] = []
    while true {
        guard let progress = try? ProxyHeader.read(taken) else { return (nil, taken.count) }
        switch progress {
        case .complete(let header): return (header, taken.count)
        case .needs(let count):
            expect(count > 0, "a header that needs more says how much")
            expect(taken.count + count <= 65_551, "a header is bounded")
            let end = min(bytes.count, taken.count + min(count, step))
            if end == taken.count { return (nil, -1) }
            taken = Array(bytes[..<end])
        }
    }
}

fuzz { start, count in
    let bytes = bytes(start, count)
    let asked = read(bytes, step: .max)
    let single = read(bytes, step: 1)
    expect(asked.header == single.header, "a header is the same however it comes")
    if let header = asked.header {
        expect(asked.used == single.used, "a header ends at the same place however it comes")
        if case .relayed(let source, let destination) = header {
            expect(source.isUnix == destination.isUnix, "both ends are of one family")
        }
    }
    return 0
}
