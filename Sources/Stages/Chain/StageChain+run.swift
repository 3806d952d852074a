public import Messages

extension StageChain {
    /// Runs a message through the stages from `index` on.
    ///
    /// A stage that fails holds the message with the error as the reason; so does a stage that splits it too often.
    public func run(_ envelope: Envelope, from index: Int = 0, context: StageContext) -> ChainResult {
        var run = ChainRun(chain: self, context: context)
        run.follow(envelope, from: index, notes: [])
        return run.result
    }
}

extension StageChain.Step {
    /// What the stage changed, in words.
    fileprivate func changes(from old: Envelope, to new: Envelope) -> [String] {
        EnvelopeChanges.lines(from: old, to: new, concealing: stage.concealedFields)
    }
}

/// A run in progress.
private struct ChainRun {
    let chain: StageChain
    let context: StageContext
    var result = ChainResult()

    init(chain: StageChain, context: StageContext) {
        self.chain = chain
        self.context = context
    }

    /// Follows one message to its end; where a stage splits it, each part in turn.
    mutating func follow(_ envelope: Envelope, from start: Int, notes: [StepNote]) {
        var (current, notes) = (envelope, notes)
        for index in chain.steps.indices.dropFirst(start) {
            let step = chain.steps[index]
            if let reason = step.limit.exclusion(of: current, context: context) {
                notes.append(StepNote(stage: step.name, changes: ["left out: \(reason)"]))
                continue
            }
            let outcome: StageResult
            do {
                outcome = try step.stage.process(current, context: context)
            } catch {
                return hold(current, at: step, "\(error)", notes: notes, next: index)
            }
            switch outcome {
            case .drop(let reason):
                let note = StepNote(stage: step.name, changes: ["dropped: \(reason)"])
                return end(current, .dropped(stage: step.name, reason: reason), notes + [note])
            case .hold(let reason, let until):
                return hold(current, at: step, reason, until: until, notes: notes, next: index + 1)
            case .pass(let envelopes, let copies, let said):
                let changes = said + copies.map { "copied to \($0.recipient)" }
                for (copy, change) in zip(copies, changes.dropFirst(said.count)) {
                    let note = StepNote(stage: step.name, changes: [change])
                    result.copies.append(
                        ChainCopy(
                            recipient: copy.recipient, envelope: copy.envelope, stage: step.name, notes: notes + [note])
                    )
                }
                guard envelopes.count == 1, let next = envelopes.first else {
                    return split(current, into: envelopes, at: index, changes, notes)
                }
                notes.append(
                    StepNote(stage: step.name, changes: step.changes(from: current, to: next) + changes))
                current = next
            }
        }
        end(current, .passed, notes)
    }

    private mutating func split(
        _ envelope: Envelope, into parts: [Envelope], at index: Int, _ changes: [String], _ notes: [StepNote]
    ) {
        let step = chain.steps[index]
        guard !parts.isEmpty else {
            let reason = "the stage passed nothing on"
            let note = StepNote(stage: step.name, changes: changes + ["dropped: \(reason)"])
            return end(envelope, .dropped(stage: step.name, reason: reason), notes + [note])
        }
        guard result.branches.count + parts.count <= StageChain.maximumMessages else {
            let error = StageError.tooManyMessages(limit: StageChain.maximumMessages)
            return hold(envelope, at: step, "\(error)", notes: notes, next: index)
        }
        for (number, part) in parts.enumerated() {
            let lines = ["part \(number + 1) of \(parts.count)"] + step.changes(from: envelope, to: part)
            follow(part, from: index + 1, notes: notes + [StepNote(stage: step.name, changes: changes + lines)])
        }
    }

    private mutating func hold(
        _ envelope: Envelope, at step: StageChain.Step, _ reason: String, until: Timestamp? = nil, notes: [StepNote],
        next: Int
    ) {
        let time = until.map { " until \($0)" } ?? ""
        let note = StepNote(stage: step.name, changes: ["held\(time): \(reason)"])
        end(envelope, .held(stage: step.name, reason: reason, until: until, next: next), notes + [note])
    }

    private mutating func end(_ envelope: Envelope, _ end: ChainBranch.End, _ notes: [StepNote]) {
        result.branches.append(ChainBranch(envelope: envelope, end: end, notes: notes))
    }
}
