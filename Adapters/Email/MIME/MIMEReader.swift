/// Builds the tree of a message within the limits.
struct MIMEReader {
    private let limits: MailLimits
    private var parts = 0

    init(limits: MailLimits) {
        self.limits = limits
    }

    /// Reads a message, or a part of one in the depth given.
    mutating func read(_ source: ArraySlice<UInt8>, in parent: ContentType? = nil, depth: Int = 0) throws(MailError)
        -> MIMEEntity
    {
        parts += 1
        guard parts <= limits.parts else { throw .tooManyParts(limit: limits.parts) }
        guard depth <= limits.depth else { return Self.opaque(source) }
        var bodyStart = source.startIndex
        let header: HeaderFields
        do {
            header = try HeaderFields(reading: source, limits: limits, bodyStart: &bodyStart)
        } catch {
            guard depth > 0 else { throw error }
            return Self.opaque(source)
        }
        let isDigest = parent?.mediaType == "multipart/digest"
        let fallback = isDigest ? ContentType(type: "message", subtype: "rfc822", parameters: [:]) : .plainText
        var entity = MIMEEntity(
            header: header, contentType: header["content-type"].flatMap { GMimeSyntax.contentType($0) } ?? fallback,
            disposition: header["content-disposition"].flatMap { GMimeSyntax.disposition($0) }, source: source,
            body: source[bodyStart...])
        try readChildren(of: &entity, depth: depth)
        return entity
    }

    private mutating func readChildren(of entity: inout MIMEEntity, depth: Int) throws(MailError) {
        guard entity.contentType.type == "multipart" else { return }
        guard let boundary = entity.contentType.parameters["boundary"], !boundary.isEmpty,
            let bodies = MultipartBody.split(entity.body, boundary: Array(boundary.utf8), limit: limits.parts)
        else {
            // A multipart without parts is read as the text it looks like, rather than lost.
            entity.contentType = .plainText
            return
        }
        guard bodies.count <= limits.parts else { throw .tooManyParts(limit: limits.parts) }
        for body in bodies {
            entity.children.append(try read(body, in: entity.contentType, depth: depth + 1))
        }
    }

    /// What is not taken apart stays a file.
    private static func opaque(_ source: ArraySlice<UInt8>) -> MIMEEntity {
        MIMEEntity(
            header: HeaderFields(), contentType: ContentType(type: "message", subtype: "rfc822", parameters: [:]),
            source: source, body: source)
    }
}
