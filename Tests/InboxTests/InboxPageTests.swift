import AdapterKit
import AdapterTestSupport
import Crypto
import Messages
import TestSupport
import Testing
import Transport

@testable import Inbox

@Suite struct InboxPageTests {
    @Test("the page lets its own script and style run and nothing else")
    func policy() async throws {
        try await withInbox { inbox in
            let page = try await inbox.get("/inbox")
            let policy = try #require(page.headers["content-security-policy"])
            #expect(page.status == .ok && policy.hasPrefix("default-src 'none'"))
            #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"))
            let text = String(decoding: page.body, as: UTF8.self)
            for name in ["script", "style"] {
                let pieces = text.split(separator: "<\(name)>")
                let content = try #require(pieces.last?.split(separator: "</\(name)>").first)
                let digest = Base64.standard.encode(try SHA256.digest(of: Array(content.utf8)).bytes)
                #expect(pieces.count == 2 && policy.contains("\(name)-src 'sha256-\(digest)'"))
            }
        }
    }

    @Test("the page asks nobody else for anything, and has no styles that its policy forbids")
    func selfContained() {
        let text = String(decoding: PackageResources.inbox_html, as: UTF8.self)
        for forbidden in [" style=", "innerHTML", "src=\"http", "href=\"http", "@import", "url(http", "eval("] {
            #expect(!text.contains(forbidden), "\(forbidden)")
        }
    }

    @Test(
        "only this machine sees it, under a loopback name",
        arguments: [("Host", "evil.example"), ("Origin", "https://evil.example"), ("X-Forwarded-For", "203.0.113.7")])
    func foreign(name: String, value: String) async throws {
        try await withInbox { inbox in
            let id = try await inbox.deliver("secret")
            for path in ["/inbox", "/inbox/api/messages", "/inbox/api/messages/\(id)", "/inbox/events"] {
                try await #expect(inbox.get(path, headers: [name: value]).status == .forbidden)
            }
        }
    }

    @Test("a link of another site leads to the page, and its scripts read nothing")
    func links() async throws {
        try await withInbox { inbox in
            let link: HTTPFields = ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"]
            let script: HTTPFields = ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"]
            try await #expect(inbox.get("/inbox", headers: link).status == .ok)
            try await #expect(inbox.get("/inbox/api/messages", headers: script).status == .forbidden)
        }
    }

    @Test("HTML is shown where it can do nothing: no script, no network, no form")
    func html() async throws {
        try await withInbox { inbox in
            let id = try await inbox.deliver(parts: [.text("<script>1</script>", format: .html)])
            let view = try await inbox.get("/inbox/api/messages/\(id)/parts/0/view")
            let policy = try #require(view.headers["content-security-policy"])
            #expect(view.headers["content-type"] == "text/html; charset=utf-8")
            #expect(policy.hasPrefix("sandbox; default-src 'none'") && !policy.contains("allow-"))
            #expect(view.headers["x-content-type-options"] == "nosniff")
        }
    }

    @Test("a file is downloaded under its name, whatever it says of itself")
    func download() async throws {
        try await withInbox { inbox in
            let hostile = Part(
                type: .file, mediaType: "text/html\r\nX-Evil: 1", name: "Ünter\"\r\n.html", content: .bytes([1, 2]))
            let picture = Part(type: .image, mediaType: "image/svg+xml", name: "a.svg", content: .bytes([3]))
            let id = try await inbox.deliver(parts: [hostile, picture])
            let file = try await inbox.get("/inbox/api/messages/\(id)/parts/0")
            #expect(file.status == .ok && file.body == [1, 2])
            #expect(file.headers["content-type"] == "application/octet-stream" && file.headers["x-evil"] == nil)
            #expect(file.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%9Cnter%22%0D%0A.html")
            #expect(file.headers["content-security-policy"]?.hasPrefix("sandbox") == true)
            try await #expect(inbox.get("/inbox/api/messages/\(id)/parts/1/view").status == .unsupportedMediaType)
            try await #expect(inbox.get("/inbox/api/messages/\(id)/parts/2").status == .notFound)
            try await #expect(inbox.get("/inbox/api/messages/\(id)/parts/x").status == .badRequest)
        }
    }

    @Test("a picture is shown, and a large part comes from the blob store")
    func blobs() async throws {
        try await withInbox { inbox in
            let blob = try await inbox.fixture.blobs.store([9, 8, 7])
            let id = try await inbox.deliver(parts: [
                Part(type: .image, mediaType: "image/png", name: "a.png", content: .blob(blob)),
                Part(type: .data, content: .value(["a": 1])),
            ])
            let view = try await inbox.get("/inbox/api/messages/\(id)/parts/0/view")
            #expect(view.body == [9, 8, 7] && view.headers["content-type"] == "image/png")
            let data = try await inbox.get("/inbox/api/messages/\(id)/parts/1")
            #expect(try JSON(parsing: data.body) == ["a": 1])
        }
    }
}
