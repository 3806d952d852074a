import CXML
import Glibc

/// Owns one HTML parser of libxml2 that sends its events to a tree builder.
final class HTMLParser {
    let builder: MarkupTreeBuilder
    private let context: htmlParserCtxtPtr

    /// `nil` when there is no memory for a parser.
    init?(limits: MarkupLimits) {
        xmlInitParser()
        guard let context = htmlNewParserCtxt() else { return nil }
        self.context = context
        self.builder = MarkupTreeBuilder(limits: limits, policy: .flatten)
    }

    deinit {
        xmlFreeDoc(context.pointee.myDoc)
        htmlFreeParserCtxt(context)
    }

    /// Parses a whole document in UTF-8.
    func parse(_ document: [UInt8]) {
        guard let length = CInt(exactly: document.count), length > 0, let handler = context.pointee.sax else { return }
        handler.pointee = Self.handler
        // The parser lives as long as this call, so the callbacks need no reference of their own.
        context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
        let options = HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_COMPACT.rawValue
        document.withUnsafeBytes { bytes in
            let start = bytes.bindMemory(to: CChar.self).baseAddress
            // Faults are no news in HTML, and with callbacks of one's own there is no tree to be had.
            xmlFreeDoc(htmlCtxtReadMemory(context, start, length, nil, "UTF-8", CInt(options)))
            context.pointee.myDoc = nil
        }
    }

    private static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.startElement = { data, name, attributes in
            guard let parser = HTMLParser.from(data) else { return }
            let list = HTMLParser.attributeList(attributes)
            let line = parser.context.pointee.input.map { Int($0.pointee.line) } ?? 0
            parser.builder.beginElement(
                name.map { String(cString: $0) } ?? "", namespace: "", attributes: list, line: line)
            if parser.builder.isFinished { xmlStopParser(parser.context) }
        }
        handler.endElement = { data, _ in HTMLParser.from(data)?.builder.endElement() }
        handler.characters = { data, text, length in HTMLParser.addText(data, text, length) }
        handler.ignorableWhitespace = { data, text, length in HTMLParser.addText(data, text, length) }
        handler.cdataBlock = { data, text, length in HTMLParser.addText(data, text, length) }
        // Set, because the library prints to the terminal what nobody takes.
        handler.serror = { _, _ in }
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        return handler
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> HTMLParser? {
        data.map { Unmanaged<HTMLParser>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func addText(_ data: UnsafeMutableRawPointer?, _ text: UnsafePointer<xmlChar>?, _ length: CInt) {
        from(data)?.builder.addText(UnsafeBufferPointer(start: text, count: text == nil ? 0 : Int(length)))
    }

    /// Names and values take turns, up to a null name; an attribute without a value has a null one.
    private static func attributeList(_ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) -> [MarkupAttribute] {
        var attributes: [MarkupAttribute] = []
        var next = list
        while let pair = next, let name = pair[0] {
            let value = pair[1].map { String(cString: $0) } ?? ""
            attributes.append(MarkupAttribute(name: String(cString: name), value: value))
            next = pair + 2
        }
        return attributes
    }
}
