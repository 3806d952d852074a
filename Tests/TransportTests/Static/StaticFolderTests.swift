import Glibc
import TestSupport
import Testing

@testable import Transport

@Suite struct StaticFolderTests {
    /// A folder with files, beside which there is a secret.
    private func withSite(_ body: (StaticFolder, String) async throws -> Void) async throws {
        try await withTemporaryFolder { base in
            let root = "\(base)/site"
            for folder in [root, "\(root)/sub", "\(root)/.git", "\(base)/other"] { mkdir(folder, 0o700) }
            for (name, text) in [
                ("site/a.txt", "plain"), ("site/index.html", "<p>home"), ("site/sub/index.html", "<p>sub"),
                ("site/sub/b.js", "js"), ("site/sub/b.js.gz", "gzipped"), ("site/sub/b.js.br", "brotlied"),
                ("site/only.js.gz", "x"),
                ("site/.secret", "secret"), ("site/.git/config", "secret"), ("other/secret.txt", "secret"),
                ("site/empty", ""),
                ("site/a b", "space"), ("site/index.html.gz", "gzipped home"),
            ] { try write(text, to: "\(base)/\(name)") }
            symlink("\(base)/other", "\(root)/link")
            symlink("../other/secret.txt", "\(root)/link.txt")
            symlink("a.txt", "\(root)/inside.txt")
            mkfifo("\(root)/pipe", 0o600)
            try await body(StaticFolder(root), root)
        }
    }

    private func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }

    private func ask(
        _ folder: StaticFolder, _ target: String, _ headers: HTTPFields = [:], _ method: HTTPMethod = .get
    ) async throws -> (response: HTTPResponse, text: String) {
        let route = try folder.route(below: "/files")
        let home = try HTTPRoute(.get, "/files") { await folder.response(to: $0, file: []) }
        let response = await HTTPRouter([route, home]).respond(to: try .of(method, target, headers: headers))
        return (response, String(decoding: try await response.collected(), as: UTF8.self))
    }

    @Test(
        "files are served with their type, folders by their index",
        arguments: [
            ("/files/a.txt", "plain", "text/plain; charset=utf-8"),
            ("/files/sub/b.js", "js", "text/javascript; charset=utf-8"),
            ("/files", "<p>home", "text/html; charset=utf-8"), ("/files/sub/", "<p>sub", "text/html; charset=utf-8"),
            ("/files/sub", "<p>sub", "text/html; charset=utf-8"), ("/files/empty", "", "application/octet-stream"),
            ("/files/a%20b", "space", "application/octet-stream"),
        ])
    func serves(target: String, text: String, type: String) async throws {
        try await withSite { folder, _ in
            let answer = try await ask(folder, target)
            #expect(answer.response.status == .ok)
            #expect(answer.text == text)
            #expect(answer.response.headers["content-type"] == type)
            #expect(answer.response.streamLength == text.utf8.count)
        }
    }

    @Test(
        "nothing else is, whatever the path",
        arguments: [
            "/files/none", "/files/.secret", "/files/.git/config", "/files/sub/%2e%2e%2fa.txt", "/files/sub%2Fb.js",
            "/files/..%2Fother%2Fsecret.txt", "/files/%2e%2e%5cother", "/files/link/secret.txt", "/files/link.txt",
            "/files/inside.txt", "/files/pipe", "/files/a.txt/b", "/files//a.txt", "/files/sub//b.js",
            "/files/only.js", "/files/%2Fetc%2Fpasswd", "/files/link",
        ] + ["/files/" + String(repeating: "x", count: 300), "/files/" + String(repeating: "sub/", count: 200)])
    func refuses(target: String) async throws {
        try await withSite { folder, _ in
            let answer = try await ask(folder, target)
            #expect(answer.response.status == .notFound)
            #expect(!answer.text.contains("secret"))
        }
    }

    @Test(
        "a file made before is sent to clients that can take it",
        arguments: [
            ("/files/sub/b.js", "br, gzip", "brotlied", "br"), ("/files/sub/b.js", "gzip", "gzipped", "gzip"),
            ("/files/sub/b.js", "br;q=0, gzip;q=0.5, identity;q=1", "js", nil), ("/files/sub/b.js", "", "js", nil),
            ("/files", "br, gzip", "gzipped home", "gzip"), ("/files/a.txt", "br, gzip", "plain", nil),
        ] as [(String, String, String, String?)])
    func precompressed(target: String, wish: String, text: String, coding: String?) async throws {
        try await withSite { folder, _ in
            let answer = try await ask(folder, target, ["Accept-Encoding": wish])
            #expect(answer.text == text)
            #expect(answer.response.headers["content-encoding"] == coding)
            #expect(answer.response.headers["vary"] == "Accept-Encoding")
            #expect(
                answer.response.headers["content-type"]?.contains(target.hasSuffix("js") ? "javascript" : "text/")
                    == true)
        }
    }

    @Test("a client that has a file is told so until the file changes")
    func notModified() async throws {
        try await withSite { folder, root in
            let first = try await ask(folder, "/files/a.txt")
            let tag = try #require(first.response.headers["etag"])
            #expect(try await ask(folder, "/files/a.txt", ["If-None-Match": tag]).response.status == .notModified)
            try write("plain too", to: "\(root)/a.txt")
            let answer = try await ask(folder, "/files/a.txt", ["If-None-Match": tag])
            #expect(answer.text == "plain too")
            #expect(answer.response.headers["etag"] != tag)
        }
    }

    @Test("a large file comes in pieces, and a part of it by its range")
    func large() async throws {
        try await withSite { folder, root in
            let text = String(repeating: "0123456789abcdef", count: 20_000)
            try write(text, to: "\(root)/large")
            let whole = try await ask(folder, "/files/large").response
            let collector = BodyCollector()
            #expect(try await whole.collected(collector) == Array(text.utf8))
            #expect(collector.pieces.allSatisfy { $0.count <= 65_536 })
            #expect(try await ask(folder, "/files/large", ["Range": "bytes=160000-160015"]).text == "0123456789abcdef")
        }
    }

    @Test("HEAD tells the length over HTTP, and GET sends it, so the connection goes on")
    func overHTTP() async throws {
        try await withSite { folder, _ in
            let router = HTTPRouter([try folder.route(below: "/files")])
            try await withServer(router) { listener, group in
                let connection = try await Connection.connect(to: listener.localAddress, on: group.loops[0])
                for method in ["HEAD", "GET"] {
                    try await connection.write("\(method) /files/a.txt HTTP/1.1\r\nHost: x\r\n\r\n")
                    let answer = try await connection.readThrough(method == "GET" ? "plain" : "\r\n\r\n")
                    #expect(answer.contains("\r\nContent-Length: 5\r\n"))
                    #expect(!answer.contains("Transfer-Encoding"))
                }
            }
        }
    }
}
