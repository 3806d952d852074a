import CUV
import Glibc

/// Threads on which jobs run, first in, first out.
///
/// A thread that has nothing to do sleeps until there is something: an idle pool never wakes. Threads start when they
/// are needed and stay.
final class JobPool {
    private let maximalThreads: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    private var jobs = LoopQueue()
    private var threads = 0
    private var resting = 0

    init(maximalThreads: Int) {
        self.maximalThreads = max(1, maximalThreads)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(work, nil)
    }

    deinit {
        pthread_cond_destroy(work)
        pthread_mutex_destroy(mutex)
        work.deallocate()
        mutex.deallocate()
    }

    func add(_ job: UnownedJob) {
        locked {
            jobs.append(.job(job))
            wakeOne()
        }
    }

    /// Makes the calling thread one of the pool's.
    func join() -> Never {
        locked { threads += 1 }
        serve()
    }
}

// Safe: `maximalThreads` and the pointers never change; all the rest is touched under the mutex alone.
extension JobPool: @unchecked Sendable {}

// MARK: - Threads

extension JobPool {
    private func serve() -> Never {
        while true { next().runHere() }
    }

    /// The next job, waiting for it.
    private func next() -> UnownedJob {
        locked {
            while true {
                if case .job(let job) = jobs.next() {
                    // Somebody else takes what is left: one signal may have stood for several jobs.
                    if !jobs.isEmpty { wakeOne() }
                    return job
                }
                resting += 1
                pthread_cond_wait(work, mutex)
                resting -= 1
            }
        }
    }

    /// Has one more thread look for work: one that rests, or a new one.
    private func wakeOne() {
        if resting > 0 {
            pthread_cond_signal(work)
        } else if threads < maximalThreads, startThread() {
            threads += 1
        }
    }

    private func startThread() -> Bool {
        var thread = pthread_t()
        let pool = Unmanaged.passRetained(self)
        // Signals are for the thread that the process began with.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                cuv_name_thread("jobs")
                Unmanaged<JobPool>.fromOpaque(argument).takeRetainedValue().serve()
            }, pool.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard code == 0 else {
            pool.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
