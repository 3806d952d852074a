// Markdown of any bytes, as HTML and as text that people read.

import FuzzDriver
import Markup

fuzz { start, count in
    let text = String(decoding: bytes(start, count), as: UTF8.self)
    let html = MarkdownText.html(of: text)
    expect(!html.contains("<script"), "no script gets through")
    _ = MarkdownText.plainText(of: text)
    _ = MarkdownText.html(ofPlainText: text)
    return 0
}
