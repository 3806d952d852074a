/// An event loop that is none: the jobs of actors on it are steps of the scheduler.
package final class SimulatedExecutor: SerialExecutor {
    private let scheduler: JobScheduler

    /// Creates an executor.
    package init(_ scheduler: JobScheduler) {
        self.scheduler = scheduler
    }

    /// Makes a step of the job.
    package func enqueue(_ job: consuming ExecutorJob) {
        scheduler.enqueue(serial: UnownedJob(job), on: self)
    }

    /// There is one thread, and between two steps no job is being run.
    package func checkIsolated() {}
}

/// An event loop that is none: the jobs of tasks on it are steps of the scheduler.
package final class SimulatedPool: TaskExecutor {
    private let scheduler: JobScheduler

    /// Creates an executor.
    package init(_ scheduler: JobScheduler) {
        self.scheduler = scheduler
    }

    /// Makes a step of the job.
    package func enqueue(_ job: consuming ExecutorJob) {
        scheduler.enqueue(task: UnownedJob(job), on: self)
    }
}
