import CXML
import Glibc

/// Owns one libxml2 parser that sends its events to a tree builder.
final class XMLParser {
    let builder: MarkupTreeBuilder
    private let context: xmlParserCtxtPtr

    init(limits: MarkupLimits) throws(MarkupError) {
        xmlInitParser()
        guard let context = xmlNewParserCtxt() else { throw .unavailable }
        self.context = context
        self.builder = MarkupTreeBuilder(limits: limits, policy: .refuse)
    }

    deinit {
        xmlFreeDoc(context.pointee.myDoc)
        xmlFreeParserCtxt(context)
    }

    /// Parses a whole document in UTF-8; the builder has the outcome, faults included.
    func parse(_ document: [UInt8]) {
        guard let length = CInt(exactly: document.count), length > 0, let handler = context.pointee.sax else { return }
        handler.pointee = Self.handler
        // The parser lives as long as this call, so the callbacks need no reference of their own.
        context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
        // NOENT: without it `&amp;` in an attribute would come as `&#38;`. There are no other entities to replace.
        let options = XML_PARSE_RECOVER.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue
        document.withUnsafeBytes { bytes in
            let start = bytes.bindMemory(to: CChar.self).baseAddress
            // The result is a tree only without callbacks of one's own; what went wrong came as a fault.
            xmlFreeDoc(xmlCtxtReadMemory(context, start, length, nil, "UTF-8", CInt(options)))
            context.pointee.myDoc = nil
        }
    }

    fileprivate var line: Int { context.pointee.input.map { Int($0.pointee.line) } ?? 0 }

    fileprivate func stopIfFinished() {
        if builder.isFinished { xmlStopParser(context) }
    }

    /// Elements, text and errors only: without callbacks for declarations there are no entities to expand.
    private static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { data, name, prefix, uri, _, _, count, _, attributes in
            guard let parser = XMLParser.from(data) else { return }
            parser.builder.beginElement(
                XMLParser.name(name, prefix: prefix, uri: uri), namespace: XMLParser.string(uri),
                attributes: XMLParser.attributeList(attributes, count: Int(count)), line: parser.line)
            parser.stopIfFinished()
        }
        handler.endElementNs = { data, _, _, _ in XMLParser.from(data)?.builder.endElement() }
        handler.characters = { data, text, length in XMLParser.addText(data, text, length) }
        handler.ignorableWhitespace = { data, text, length in XMLParser.addText(data, text, length) }
        handler.cdataBlock = { data, text, length in XMLParser.addText(data, text, length) }
        handler.serror = { data, error in
            guard let error, error.pointee.level.rawValue > XML_ERR_WARNING.rawValue else { return }
            let message = error.pointee.message.map { String(cString: $0) } ?? "error \(error.pointee.code)"
            let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message
            XMLParser.from(data)?.builder.addFault(MarkupFault(line: Int(error.pointee.line), message: line))
        }
        return handler
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> XMLParser? {
        data.map { Unmanaged<XMLParser>.fromOpaque($0).takeUnretainedValue() }
    }

    /// A prefix that nobody declared stays in the name, so that it is not taken for a name without one.
    private static func name(
        _ name: UnsafePointer<xmlChar>?, prefix: UnsafePointer<xmlChar>?, uri: UnsafePointer<xmlChar>?
    ) -> String {
        prefix == nil || uri != nil ? string(name) : "\(string(prefix)):\(string(name))"
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }

    private static func addText(_ data: UnsafeMutableRawPointer?, _ text: UnsafePointer<xmlChar>?, _ length: CInt) {
        from(data)?.builder.addText(UnsafeBufferPointer(start: text, count: text == nil ? 0 : Int(length)))
    }

    /// libxml2 gives five pointers for each attribute: name, prefix, URI, and the start and end of the value.
    private static func attributeList(
        _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, count: Int
    ) -> [MarkupAttribute] {
        guard let list, count > 0 else { return [] }
        return (0..<count).map { index in
            let fields = list + index * 5
            var value = ""
            if let start = fields[3], let end = fields[4], end >= start {
                value = String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
            }
            return MarkupAttribute(
                name: name(fields[0], prefix: fields[1], uri: fields[2]), namespace: string(fields[2]), value: value)
        }
    }
}
