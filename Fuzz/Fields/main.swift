// The values of header fields that are taken apart: Forwarded, X-Forwarded-For, Range, Accept-Encoding, tags, dates.

import FuzzDriver

@testable import Transport

fuzz { start, count in
    let text = text(start, count)
    _ = ForwardedHop.standard(["Forwarded": text])
    _ = ForwardedHop.legacy(["X-Forwarded-For": text, "X-Forwarded-Proto": text, "X-Forwarded-Host": text])
    _ = ContentCoding.best(of: ContentCoding.allCases, for: ["Accept-Encoding": text])
    _ = EntityTag("a").isIn([text], weakly: true)
    _ = try? HeaderParameters.read(text)
    _ = try? IPNetwork(text)
    if let seconds = HTTPTime.seconds(text) {
        expect(HTTPTime.seconds(HTTPDate.text(of: seconds)) == seconds, "a date is read as it is written")
    }
    if case .part(let range) = ByteRange(text, length: 1_000) {
        expect(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= 1_000, "a range is within the content")
    }
    return 0
}
