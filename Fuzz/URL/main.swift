// URLs, targets, addresses and networks of any text.

import FuzzDriver

@testable import Transport

func checkURL(_ text: String) {
    guard let url = CurlURL(text) else { return }
    expect(url.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a host is of printing ASCII")
    expect(!url.host.contains("@") && !url.host.contains("/"), "a host is no more than a host")
    guard let again = CurlURL(url.text) else { return expect(false, "a URL can be read again: \(url.text)") }
    expect(again.host == url.host && again.port == url.port, "a URL read again leads to the same place")
    expect(again.hasOrigin(of: url), "a URL read again is of the same origin")
    if let next = url.resolving(text) { expect(next.port > 0, "a resolved URL has a port") }
}

fuzz { start, count in
    let text = text(start, count)
    checkURL(text)
    checkURL("http://" + text)
    if let segments = try? HTTPTarget.segments(of: text) {
        expect(!segments.contains("..") && !segments.contains("."), "a path does not leave its root")
        expect(segments.allSatisfy { !$0.utf8.contains(0) }, "a path holds no zero byte")
    }
    if let address = IPAddress(text) {
        expect(IPAddress("\(address)") == address, "an address is the same when read again")
    }
    if let address = try? SocketAddress(text) {
        expect((try? SocketAddress("\(address)")) == address, "a socket's address is the same when read again")
    }
    if let network = try? IPNetwork(text) {
        expect((try? IPNetwork("\(network)")) == network, "a network is the same when read again")
    }
    return 0
}
