import Glibc

/// Lets a thread sleep until another one has something for it.
final class Signal {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    /// Wakes one sleeper, or lets the next one not fall asleep.
    func send() {
        sem_post(semaphore)
    }

    /// Sleeps until a signal is sent; each signal ends one sleep.
    func wait() {
        // A signal handler may interrupt the sleep (sem_wait(3)); there is no other way for it to fail.
        while sem_wait(semaphore) != 0 {}
    }
}

/// The pointer never changes, and POSIX semaphores are made to be used by many threads at once (sem_overview(7)).
extension Signal: @unchecked Sendable {}
