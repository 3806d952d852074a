// HTML and XML of any bytes, in any character set, as text that people read.

import FuzzDriver
import Markup

fuzz { start, count in
    let bytes = bytes(start, count)
    let text = CharacterDecoder.decode(bytes, declared: nil).text
    _ = HTMLText.plainText(of: text, base: "https://example.org/a/")
    _ = HTMLText.markdown(of: text, base: "https://example.org/a/")
    _ = HTMLText.singleLine(of: text)
    _ = HTMLText.markdown(ofPlainText: text)
    _ = try? XMLReader().read(bytes)
    return 0
}
