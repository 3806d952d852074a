// A form of multipart/form-data of any bytes: its boundary is the first line, its body the rest.

import FuzzDriver

@testable import Transport

typealias Form = [(part: MultipartPart, content: [UInt8])]

/// The parts with their contents when the bytes come in pieces of this size; nil when the form is malformed.
func read(_ bytes: ArraySlice<UInt8>, boundary: String, pieces size: Int) -> Form? {
    var parser = MultipartParser(boundary: boundary, limits: MultipartLimits(parts: 20, headBytes: 512))
    var parts: Form = []
    var start = bytes.startIndex
    do throws(MultipartError) {
        while true {
            switch try parser.next() {
            case .part(let part): parts.append((part, []))
            case .content(let content):
                expect(!content.isEmpty && !parts.isEmpty, "content belongs to a part and is not empty")
                parts[parts.count - 1].content += content
            case .endOfPart: continue
            case .end: return parts
            case .needsMore:
                guard start < bytes.endIndex else { return nil }
                let end = min(start + size, bytes.endIndex)
                parser.append(Array(bytes[start..<end]))
                start = end
            }
        }
    } catch {
        return nil
    }
}

fuzz { start, count in
    let bytes = bytes(start, count)
    let line = bytes.prefix { $0 != 0x0A }
    let boundary = String(decoding: line.prefix(70), as: UTF8.self)
    let body = bytes[min(line.endIndex + 1, bytes.endIndex)...]
    let whole = read(body, boundary: boundary, pieces: max(1, count))
    let single = read(body, boundary: boundary, pieces: 1)
    expect((whole == nil) == (single == nil), "a form is well-formed however it comes")
    if let whole, let single {
        expect(whole.count <= 20, "no form has more parts than allowed")
        expect(
            whole.elementsEqual(single) { $0.part == $1.part && $0.content == $1.content },
            "a form is the same however it comes")
        expect(whole.allSatisfy { !($0.part.fileName ?? "").contains("/") }, "a file's name is no path")
    }
    _ = try? HeaderParameters.read(String(decoding: bytes, as: UTF8.self))
    return 0
}
