import AdapterKit
import Engine
import Messages
import Spooling
import Transport

/// Why a request for control is refused.
struct ControlError: Error {
    /// The status.
    let status: HTTPStatus
    /// What is wrong, and what to do.
    let detail: String
    /// The seconds to wait before trying again.
    var retryAfter: Int64?

    init(_ status: HTTPStatus, _ detail: String) {
        self.status = status
        self.detail = detail
    }

    /// What any error of the rooms below means to a client.
    init(_ error: any Error) {
        switch error {
        case let error as ControlError: self = error
        case let error as MessageError: self.init(.badRequest, error.description)
        case let error as ExchangeError: self.init(error)
        case let error as SpoolError: self.init(error)
        case let error as DirectoryError: self.init(error)
        case let error as AcceptError: self.init(error)
        case let error as RestartRefusal: self.init(.conflict, error.reason)
        default: self.init(.internalServerError, "\(error)")
        }
    }

    private init(_ error: ExchangeError) {
        switch error {
        case .noMailbox: self.init(.notFound, error.description)
        case .noRecipient: self.init(.unprocessableContent, error.description)
        case .spool: self.init(.serviceUnavailable, error.description)
        }
    }

    private init(_ error: DirectoryError) {
        switch error {
        case .noSubscription, .notSubscribed, .noList: self.init(.notFound, error.description)
        case .inFile: self.init(.conflict, error.description)
        case .badName: self.init(.badRequest, error.description)
        case .forbidden: self.init(.forbidden, error.description)
        }
    }

    private init(_ error: SpoolError) {
        switch error {
        case .badFilter: self.init(.badRequest, error.description)
        case .full: self.init(.insufficientStorage, error.description)
        case .disk, .newerSchema, .unusable, .closed: self.init(.serviceUnavailable, error.description)
        }
    }

    private init(_ error: AcceptError) {
        switch error {
        case .refused: self.init(.unprocessableContent, error.description)
        case .full: self.init(.insufficientStorage, error.description)
        case .unavailable: self.init(.serviceUnavailable, error.description)
        case .busy(let pause):
            self.init(.tooManyRequests, error.description)
            retryAfter = max(1, pause.components.seconds)
        }
    }

    /// The answer.
    var response: HTTPResponse {
        var response = HTTPResponse.problem(status, detail)
        if let retryAfter { response.headers.add("Retry-After", "\(retryAfter)") }
        return response
    }
}
