import CCurl
import Synchronization

/// Sends mails, each on a thread of its own, some at one time.
final class SMTPSender: Sendable {
    private struct State {
        var controls: [ObjectIdentifier: SMTPControl] = [:]
        var isClosed = false
    }

    private let configuration: HTTPClientConfiguration
    private let threads: ThreadPool
    private let state = Mutex(State())

    init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
        threads = ThreadPool(name: "mail", maximalThreads: configuration.maximalMailConnections)
    }

    func send(_ request: SMTPRequest) async throws(SMTPError) -> SMTPResponse {
        let control = SMTPControl()
        guard begin(control) else { throw .stopped(messageWasSent: false) }
        defer { end(control) }
        let configuration = self.configuration
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = threads.run {
                    Self.perform(request, configuration, control) { continuation.resume(returning: $0) }
                }
                if !accepted { continuation.resume(returning: .failure(.stopped(messageWasSent: false))) }
            }
        } onCancel: {
            control.abandon(.cancelled)
        }
        return try result.get()
    }

    /// Breaks all mails off and refuses new ones.
    func close() {
        let controls = state.withLock { state in
            state.isClosed = true
            return Array(state.controls.values)
        }
        for control in controls { control.abandon(.stopped) }
    }

    private func begin(_ control: SMTPControl) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.controls[ObjectIdentifier(control)] = control
            return true
        }
    }

    private func end(_ control: SMTPControl) {
        state.withLock { $0.controls[ObjectIdentifier(control)] = nil }
    }

    private static func perform(
        _ request: SMTPRequest, _ configuration: HTTPClientConfiguration, _ control: SMTPControl,
        _ completion: @escaping SMTPTransfer.Completion
    ) {
        let transfer = SMTPTransfer(request, configuration, control, completion)
        guard control.abandonment == nil else {
            transfer.abandon(control.abandonment ?? .cancelled)
            return
        }
        guard let library = CurlLibrary(), let easy = CurlEasy() else {
            transfer.abandon(.stopped)
            return
        }
        withExtendedLifetime((library, transfer)) {
            let isPrepared = transfer.prepare(easy)
            transfer.finish(isPrepared ? curl_easy_perform(easy.handle) : easy.failure ?? CURLE_FAILED_INIT)
        }
    }
}
