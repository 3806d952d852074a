import Files
import SQLite

extension SpoolError {
    /// What an error from below means to whoever uses the spool.
    init(_ error: any Error) {
        switch error {
        case let error as SpoolError: self = error
        case let error as SQLiteError: self.init(error)
        case let error as FileError: self = error.isFull ? .full(detail: "\(error)") : .disk(detail: "\(error)")
        default: self = .disk(detail: "\(error)")
        }
    }

    private init(_ error: SQLiteError) {
        switch error {
        case .failed(let code, _, _): self = code.isFull ? .full(detail: "\(error)") : .disk(detail: "\(error)")
        case .newerSchema(let path, let found, let known):
            self = .newerSchema(file: found, supported: known, path: path)
        case .foreignFile(let path, _, _): self = .unusable(path: path, detail: "\(error)")
        case .unexpectedType, .damaged: self = .disk(detail: "\(error)")
        }
    }
}
