import Testing

@testable import Transport

private struct Field: Hashable, CustomStringConvertible {
    let part: MultipartPart
    let content: String

    var description: String { "\(part.name)|\(part.fileName ?? "-")|\(part.mediaType ?? "-")|\(content)" }
}

/// Reads a form whose body comes in pieces of this size; at once when it is nil.
private func read(
    _ body: String, inPiecesOf size: Int? = nil, boundary: String = "b", limits: MultipartLimits = MultipartLimits()
) async throws -> [Field] {
    var request = try HTTPRequest.of(.post, headers: ["Content-Type": "multipart/form-data; boundary=\(boundary)"])
    let bytes = Array(body.utf8)
    if let size {
        let reader = HTTPBodyReader()
        for start in stride(from: 0, to: bytes.count, by: size) { reader.add(Array(bytes[start...].prefix(size))) }
        reader.finish()
        request.bodyReader = reader
    } else {
        request.body = bytes
    }
    var reader = try MultipartReader(request, limits: limits)
    var fields: [Field] = []
    while let part = try await reader.nextPart() {
        let content = try await reader.collect(part, limit: 100_000)
        fields.append(Field(part: part, content: String(decoding: content, as: UTF8.self)))
    }
    return fields
}

private func part(_ disposition: String, _ content: String = "x") -> String {
    "--b\r\nContent-Disposition: \(disposition)\r\n\r\n\(content)\r\n--b--\r\n"
}

@Suite struct MultipartTests {
    private static let form =
        "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\nworld\r\n"
        + "--b  \t\r\ncontent-disposition: form-data; name=file; filename=\"x.png\"\r\nContent-Type: image/png\r\n"
        + "Content-Transfer-Encoding: binary\r\n\r\n\r\n\r--b\r\n--\r\n-\r\n--c\n--b\r\n--b\r\n"
        + "Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--b--\r\nepilogue\r\n--b\r\n"

    @Test(
        "parts come in their order with all their bytes, however the body is cut",
        arguments: [nil, 1, 2, 3, 7, 64, 1_000])
    func parts(size: Int?) async throws {
        let fields = try await read(Self.form, inPiecesOf: size)
        #expect(
            fields.map(\.description) == [
                "text|-|-|hello\r\nworld", "file|x.png|image/png|\r\n\r--b\r\n--\r\n-\r\n--c\n--b", "none||-|",
            ])
    }

    @Test("a form may be empty, and may begin with an empty line")
    func small() async throws {
        #expect(try await read("--b--") == [])
        #expect(try await read("\r\n--b--\r\n") == [])
        #expect(try await read("\r\n" + part("form-data; name=a")).map(\.content) == ["x"])
        // The line end of the head is that of the boundary.
        #expect(try await read("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--").map(\.content) == [""])
    }

    @Test(
        "names are read as browsers and curl write them",
        arguments: [
            ("form-data; name=\"a b\"", "a b", nil), ("form-data;name=a;filename=b.txt", "a", "b.txt"),
            ("Form-Data; NAME=\"a\"; FileName=\"b\"", "a", "b"), ("form-data; name=\"\"", "", nil),
            ("form-data; name=\"a%22b%0D%0Ac%41\"", "a\"b\r\nc%41", nil),
            ("form-data; name=\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d", nil),
            ("form-data; name=\"a;b=c\"; filename=\"d;e\"", "a;b=c", "d;e"),
            ("form-data; name=\"é😀\"; filename=\"ü.txt\"", "é😀", "ü.txt"),
            ("form-data; name=a; filename=\"C:\\temp\\x.txt\"", "a", "x.txt"),
            ("form-data; name=a; filename=\"../../etc/passwd\"", "a", "passwd"),
            ("form-data; name=a; filename=\"..\"", "a", ""), ("form-data; name=a; filename=\"a%0Ab\"", "a", "ab"),
            ("form-data; name=a; filename*=UTF-8''evil; filename=b", "a", "b"), ("form-data; name=a;", "a", nil),
        ] as [(String, String, String?)])
    func names(disposition: String, name: String, fileName: String?) async throws {
        let fields = try await read(part(disposition))
        #expect(fields.map(\.part.name) == [name])
        #expect(fields.map(\.part.fileName) == [fileName])
    }

    @Test(
        "what is no form is refused",
        arguments: [
            "", "x", "--", "--b", "--b\r\n", "--c\r\n", "preamble\r\n--b--", "\r\n\r\n--b--", "--b\n\n", "--bx\r\n",
            "--b-",
            "--b-x", "--b x\r\n", "--b\r\n\r\nx\r\n--b--", part("attachment; name=a"), part("form-data"),
            part("form-data; filename=a"), part("form-data; name=\"a"), part("form-data; name=a; name=b"),
            part("form-data; name"), part("form-data; =a"), part("form-data; name=\"a\"b"), part("form-data, name=a"),
            "--b\r\nContent-Disposition form-data; name=a\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\r\n folded\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\u{0}\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--bb--",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\n--b--\n",
            "--b" + String(repeating: " ", count: 200) + "\r\n",
        ])
    func malformed(body: String) async {
        for size in [nil, 1, 5] {
            let error = await #expect(throws: MultipartError.self) { try await read(body, inPiecesOf: size) }
            #expect(error?.response.status == .badRequest)
        }
    }

    @Test(
        "a boundary is one that RFC 2046 allows",
        arguments: [
            ("multipart/form-data; boundary=\"a b'()+_,-./:=?c\"", true), ("Multipart/Form-Data;BOUNDARY=x", true),
            ("multipart/form-data; charset=utf-8; boundary=x", true),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 70), true),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), false),
            ("multipart/form-data", false),
            ("multipart/form-data; boundary=", false), ("multipart/form-data; boundary=\"a \"", false),
            ("multipart/form-data; boundary=\"a\r\nb\"", false), ("multipart/form-data; boundary=é", false),
            ("multipart/form-data; boundary=a; boundary=b", false), ("multipart/form-data; boundary=\"a", false),
            ("multipart/form-data; boundary=a*b", false), ("multipart/mixed; boundary=x", false), ("text/plain", false),
        ])
    func boundaries(type: String, isValid: Bool) throws {
        let request = try HTTPRequest.of(.post, headers: ["Content-Type": type])
        #expect(((try? MultipartReader(request)) != nil) == isValid)
    }

    @Test("limits are kept", arguments: [nil, 1, 10])
    func limits(size: Int?) async throws {
        let two = String(part("form-data; name=a", "12345").dropLast(6)) + part("form-data; name=b")
        func status(_ limits: MultipartLimits) async -> HTTPStatus? {
            do {
                _ = try await read(two, inPiecesOf: size, limits: limits)
                return nil
            } catch {
                return (error as? MultipartError)?.response.status
            }
        }
        #expect(await status(MultipartLimits(parts: 2, headBytes: 38, partBytes: 5)) == nil)
        #expect(await status(MultipartLimits(parts: 1)) == .contentTooLarge)
        #expect(await status(MultipartLimits(headBytes: 37)) == .contentTooLarge)
        #expect(await status(MultipartLimits(partBytes: 4)) == .contentTooLarge)
    }

    @Test("a head without an end is refused long before it fills the memory")
    func endlessHead() async throws {
        let body = "--b\r\nX: " + String(repeating: "x", count: 1_000_000)
        await #expect(throws: MultipartError.headTooLarge(limit: 8_192)) { try await read(body, inPiecesOf: 1_000) }
    }

    @Test("parts that nobody reads are passed over, and a body that breaks off says why")
    func skipping() async throws {
        var request = try HTTPRequest.of(.post, headers: ["Content-Type": "multipart/form-data; boundary=b"])
        request.body = Array(Self.form.utf8)
        var reader = try MultipartReader(request)
        var names: [String] = []
        while let part = try await reader.nextPart() { names.append(part.name) }
        #expect(names == ["text", "file", "none"])
        #expect(try await reader.nextBytes() == nil)
        let broken = HTTPBodyReader()
        broken.add(Array("--b\r\nCont".utf8))
        broken.fail(.tooLarge(limit: 7))
        request.bodyReader = broken
        var other = try MultipartReader(request)
        await #expect(throws: MultipartError.body(.tooLarge(limit: 7))) { try await other.nextPart() }
    }

    @Test("content full of line ends takes no more time than any other")
    func lineEnds() async throws {
        let content = String(repeating: "\r\n--\r", count: 15_000)
        let fields = try await read(part("form-data; name=a", content), inPiecesOf: 1_000)
        #expect(fields.map(\.content) == [content])
    }
}
