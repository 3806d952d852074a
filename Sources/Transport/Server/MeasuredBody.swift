import Synchronization

/// Lets a closure write a body of exactly the length that was announced.
///
/// What is too much is not sent, and too little is an error, so that the client sees that the body is not whole.
enum MeasuredBody {
    typealias Producer = @Sendable (HTTPBodyWriter) async throws -> Void

    /// A body that is not of its announced length.
    struct WrongLength: Error, CustomStringConvertible {
        let announced: Int
        let written: Int

        var description: String { "the body has \(written) bytes or more, announced were \(announced)" }
    }

    /// The closure itself where no length is announced.
    static func checked(_ produce: @escaping Producer, length: Int?) -> Producer {
        guard let length else { return produce }
        return { writer in
            let sink = Sink(writer, length)
            try await produce(HTTPBodyWriter(sink))
            let written = sink.written
            guard written == length else { throw WrongLength(announced: length, written: written) }
        }
    }

    private final class Sink: HTTPBodySink {
        private let writer: HTTPBodyWriter
        private let length: Int
        private let count = Atomic<Int>(0)

        init(_ writer: HTTPBodyWriter, _ length: Int) {
            self.writer = writer
            self.length = length
        }

        var written: Int { count.load(ordering: .relaxed) }
        var isDraining: Bool { writer.isDraining }

        func write(_ bytes: [UInt8]) async throws(TransportError) {
            guard count.add(bytes.count, ordering: .relaxed).newValue <= length else { throw .closed }
            try await writer.write(bytes)
        }

        func setTrailers(_ trailers: HTTPFields) { writer.setTrailers(trailers) }
    }
}
