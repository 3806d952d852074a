// A feed of any bytes: its entries, or why it is none.

import Feed
import FuzzDriver

fuzz { start, count in
    for charset in [nil, "utf-16", "gb2312"] {
        do {
            _ = try FeedParser(url: "https://example.org/a/feed.xml", charset: charset).parse(bytes(start, count))
        } catch {
            _ = "\(error)"
        }
    }
    return 0
}
