import CJobs
import Glibc

/// The place of the process for jobs that prefer no executor, instead of the runtime's own.
///
/// The runtime hands them to libdispatch, which from its first job on looks every second whether its threads are
/// blocked, as long as the process lives; a router that has nothing to do would wake for that. The runtime has one place
/// for such jobs in a process, so this is for programs alone, as the first thing they do. `Task.sleep` still goes to
/// libdispatch; a program that is to rest waits on ``EventLoop/sleep(for:)``.
public enum ProcessJobs {
    /// Runs the program on the calling thread and on further ones, and ends the process with its exit code.
    ///
    /// Nothing may use the main actor: the process ends with a message if something does.
    public static func run(_ program: @escaping @Sendable () async -> CInt) -> Never {
        cjobs_take_over { job in
            guard let job else { return }
            pool.add(unsafeBitCast(job, to: UnownedJob.self))
        }
        Task.detached { exit(await program()) }
        pool.join()
    }
}

/// A global, as what the runtime calls can hold on to nothing; made when it is first needed.
private let pool = JobPool(maximalThreads: max(2, usableCores()))

extension UnownedJob {
    /// Runs the job on the calling thread, on the runtime's generic executor.
    func runHere() {
        // A job is the address of the runtime's object and nothing else.
        cjobs_run(unsafeBitCast(self, to: UnsafeMutableRawPointer.self))
    }
}
