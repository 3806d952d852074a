import CGMime
import Messages

/// What GMime reads for us of header values (RFC 5322, 2045, 2047, 2183, 2231), one call for each.
///
/// Values come and go as bytes and strings of ours; no pointer of GMime leaves this file.
enum GMimeSyntax {
    /// GMime's own tables and locks; Swift runs the initialiser once.
    private static let isReady: Bool = {
        g_mime_init()
        return true
    }()

    /// Decodes encoded words in unstructured text, broken ones as well as can be (RFC 2047).
    static func decodedText(_ raw: some Collection<UInt8>) -> String {
        string(EncodedWordLabels.widened(raw)) { g_mime_utils_header_decode_text(nil, $0) }
    }

    /// Decodes encoded words in a phrase, as in a display name (RFC 2047 §5).
    static func decodedPhrase(_ raw: some Collection<UInt8>) -> String {
        string(EncodedWordLabels.widened(raw)) { g_mime_utils_header_decode_phrase(nil, $0) }
    }

    /// Parses a Content-Type (RFC 2045 §5.1); parameters are decoded (RFC 2231), their names in lower case.
    static func contentType(_ raw: some Collection<UInt8>) -> ContentType? {
        withText(EncodedWordLabels.widened(raw)) { text -> ContentType? in
            guard let handle = GObject(g_mime_content_type_parse(nil, text)) else { return nil }
            let parsed: Pointer<GMimeContentType> = handle.pointer()
            guard let type = g_mime_content_type_get_media_type(parsed),
                let subtype = g_mime_content_type_get_media_subtype(parsed)
            else { return nil }
            return ContentType(
                type: String(cString: type).lowercased(), subtype: String(cString: subtype).lowercased(),
                parameters: parameters(g_mime_content_type_get_parameters(parsed)))
        }
    }

    /// Parses a Content-Disposition (RFC 2183).
    static func disposition(_ raw: some Collection<UInt8>) -> ContentDisposition? {
        withText(EncodedWordLabels.widened(raw)) { text -> ContentDisposition? in
            guard let handle = GObject(g_mime_content_disposition_parse(nil, text)) else { return nil }
            let parsed: Pointer<GMimeContentDisposition> = handle.pointer()
            guard let value = g_mime_content_disposition_get_disposition(parsed) else { return nil }
            return ContentDisposition(
                value: String(cString: value).lowercased(),
                parameters: parameters(g_mime_content_disposition_get_parameters(parsed)))
        }
    }

    /// Parses a date, also of the kinds that old programs write (RFC 5322 §3.3, §4.3).
    static func date(_ raw: some Collection<UInt8>) -> Timestamp? {
        withText(raw.prefix(256)) { text -> Timestamp? in
            guard let date = g_mime_utils_header_decode_date(text) else { return nil }
            defer { g_date_time_unref(date) }
            return Timestamp(seconds: Int64(g_date_time_to_unix(date)))
        }
    }

    /// Parses a list of message ids, without the angle brackets (RFC 5322 §3.6.4).
    static func messageIDs(_ raw: some Collection<UInt8>) -> [String] {
        withText(raw) { text in
            guard let list = g_mime_references_parse(nil, text) else { return [] }
            defer { g_mime_references_free(list) }
            return (0..<max(0, g_mime_references_length(list))).compactMap { index in
                g_mime_references_get_message_id(list, index).map { String(cString: $0) }
            }
        }
    }

    /// Parses a list of addresses; the members of groups stand in the list like the others (RFC 5322 §3.4).
    static func addresses(_ raw: some Collection<UInt8>) -> [MailAddress] {
        withText(EncodedWordLabels.widened(raw)) { text in
            guard let handle = GObject(internet_address_list_parse(nil, text)) else { return [] }
            var found: [MailAddress] = []
            collect(handle.pointer(), depth: 0, into: &found)
            return found
        }
    }

    private static func collect(
        _ list: Pointer<InternetAddressList>, depth: Int, into found: inout [MailAddress]
    ) {
        for index in 0..<max(0, internet_address_list_length(list)) {
            guard let address = internet_address_list_get_address(list, index) else { continue }
            let raw = UnsafeMutableRawPointer(address)
            let instance = raw.assumingMemoryBound(to: GTypeInstance.self)
            if g_type_check_instance_is_a(instance, internet_address_mailbox_get_type()) != 0 {
                guard
                    let text = internet_address_mailbox_get_addr(
                        raw.assumingMemoryBound(to: InternetAddressMailbox.self))
                else { continue }
                let name = internet_address_get_name(address).map { String(cString: $0) }
                found.append(MailAddress(name: name, address: String(cString: text)))
            } else if depth < 2, g_type_check_instance_is_a(instance, internet_address_group_get_type()) != 0,
                let members = internet_address_group_get_members(raw.assumingMemoryBound(to: InternetAddressGroup.self))
            {
                collect(members, depth: depth + 1, into: &found)
            }
        }
    }

    private static func parameters(_ list: Pointer<GMimeParamList>?) -> [String: String] {
        guard let list else { return [:] }
        var found: [String: String] = [:]
        for index in 0..<max(0, g_mime_param_list_length(list)) {
            guard let parameter = g_mime_param_list_get_parameter_at(list, index),
                let name = g_mime_param_get_name(parameter), let value = g_mime_param_get_value(parameter)
            else { continue }
            let key = String(cString: name).lowercased()
            if found[key] == nil { found[key] = String(cString: value) }
        }
        return found
    }

    /// Calls a function that returns a new C string, and frees that.
    private static func string(
        _ raw: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?
    ) -> String {
        withText(raw) { text in
            guard let result = body(text) else { return String(decoding: raw, as: UTF8.self) }
            defer { g_free(result) }
            return String(cString: result)
        }
    }

    /// Lends the bytes as a C string; a zero among them would end it too early and becomes a space.
    private static func withText<Result>(
        _ raw: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        _ = isReady
        let text = raw.map { $0 == 0 ? CChar(0x20) : CChar(bitPattern: $0) } + [0]
        return text.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return withUnsafePointer(to: 0) { body($0) } }
            return body(start)
        }
    }
}

private typealias Pointer<Object> = UnsafeMutablePointer<Object>

/// Owns one reference of a GObject.
private struct GObject: ~Copyable {
    private let raw: UnsafeMutableRawPointer

    init?<Object>(_ pointer: UnsafeMutablePointer<Object>?) {
        guard let pointer else { return nil }
        raw = UnsafeMutableRawPointer(pointer)
    }

    deinit { g_object_unref(raw) }

    borrowing func pointer<Object>() -> UnsafeMutablePointer<Object> { raw.assumingMemoryBound(to: Object.self) }
}
