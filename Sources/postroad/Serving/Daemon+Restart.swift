import Gateway
import Logging
import Messages
import Synchronization
import Transport

// MARK: - As the one that is succeeded

extension Daemon {
    /// Starts a successor and, once that is ready, has the router hand over.
    ///
    /// - Returns: Both processes.
    /// - Throws: `RestartRefusal`; then nothing has changed.
    func restart() async throws -> JSONObject {
        guard Inheritance.ownProcess != 1 else {
            throw RestartRefusal(
                reason:
                    "process 1 of a container ends with its container: restart that, or run the router below an init")
        }
        guard state.withLock({ $0.beginRestart() }) else {
            throw RestartRefusal(reason: "the router is stopping, or being restarted already")
        }
        do {
            let (successor, version) = try await prepareSuccessor()
            logger.info("successor ready", ["pid": successor.process, "version": version])
            state.withLock { $0.endings }?.yield(.handOver)
            return [
                "pid": .integer(Int64(successor.process)), "version": .string(version),
                "old_pid": .integer(Int64(Inheritance.ownProcess)), "old_version": .string(Postroad.version),
            ]
        } catch {
            await endSuccessor()
            notify(.ready("serving"))
            throw RestartRefusal(reason: "\(error)")
        }
    }

    private func prepareSuccessor() async throws -> (Successor, version: String) {
        logger.info("starting a successor", ["program": program.path])
        notify(.reloading)
        // The watchdog's number is of this process only, its pace of any.
        let successor = try await Successor.start(
            program.path, arguments: program.arguments,
            environment: environment.filter { $0.key != "WATCHDOG_PID" }, sockets: sockets, on: loops.loops[0])
        state.withLock { $0.successor = successor }
        switch try await successor.link.receive(within: Self.preparationTime) {
        case .ready(let version): return (successor, version)
        case .failed(let reason): throw RestartRefusal(reason: reason)
        default: throw RestartRefusal(reason: "the new process ended before it was ready; the log may tell why")
        }
    }

    /// Has the successor serve, now that nothing is open here but the listening sockets.
    ///
    /// - Returns: Why it does not, or nil when it does.
    func handOver() async -> String? {
        guard let successor = state.withLock({ $0.successor }) else { return "there is no successor" }
        let failure: String
        do throws(TransportError) {
            try await successor.link.send(.go)
            switch try await successor.link.receive(within: Self.takeoverTime) {
            case .serving:
                notify(.succeeded(by: successor.process))
                logger.info("successor serves", ["pid": successor.process])
                return nil
            case .failed(let reason): failure = reason
            default: failure = "the new process ended before it served; the log may tell why"
            }
        } catch {
            // Told to stop in the meantime: so is the successor, whatever it has come to.
            if state.withLock({ $0.isStopping }) {
                successor.stop()
                return nil
            }
            failure = "\(error)"
        }
        await endSuccessor()
        return failure
    }

    /// Ends a successor that shall not take over.
    func endSuccessor() async {
        let successor = state.withLock { state in
            state.isRestarting = false
            defer { state.successor = nil }
            return state.successor
        }
        await successor?.end()
    }

    /// How long a successor may take to check what it can check.
    private static let preparationTime = Duration.seconds(45)
    /// How long it may take to open the spool, which may have to be brought to a newer schema.
    private static let takeoverTime = Duration.seconds(300)
}

extension Daemon.State {
    fileprivate mutating func beginRestart() -> Bool {
        guard !isRestarting, !isStopping, endings != nil else { return false }
        isRestarting = true
        return true
    }
}

// MARK: - As the one that succeeds

extension Daemon {
    /// Says that this process could take over, and waits until it may.
    func waitForTurn(_ predecessor: HandoverLink) async throws {
        try await predecessor.send(.ready(version: Postroad.version))
        let word = try await predecessor.receive(within: nil)
        guard word != nil else {
            // It died, so nobody else serves; the spool's lock tells if that is wrong.
            logger.warning("the predecessor is gone, taking over")
            return
        }
        logger.info("taking over", ["from": Inheritance.parentProcess])
    }

    /// Tells the predecessor something, if there is one and it is still there.
    func tell(_ predecessor: HandoverLink?, _ message: HandoverMessage) async {
        guard let predecessor else { return }
        do throws(TransportError) {
            try await predecessor.send(message)
        } catch {
            logger.warning("the predecessor is gone", ["error": error])
        }
    }
}
