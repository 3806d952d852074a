/// The deadlines of a connection, with one timer for all.
///
/// A deadline that moves away leaves the timer alone: it finds nothing due and sets itself anew. So a busy connection
/// costs no timer operation for each request.
struct HTTP2Clock {
    /// When the connection must have a request, in milliseconds of the loop.
    var idle: Int64?
    /// When the header block that has begun must be whole.
    var head: Int64?
    /// When the connection must be on its way to its end: the client's PONG, or what is read behind the last word.
    var end: Int64?

    private let loop: EventLoop
    private var timer: LoopTimer?
    private var armedFor: Int64?
    private var fire: () -> Void = {}

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    var now: Int64 { loop.now }

    mutating func start(_ fire: @escaping () -> Void) {
        timer = LoopTimer(loop: loop)
        self.fire = fire
    }

    mutating func setEnd(after time: Duration) {
        let deadline = now + time.loopMilliseconds
        end = deadline
        arm(for: deadline)
    }

    /// Makes the timer go off no later than this.
    mutating func arm(for deadline: Int64) {
        guard armedFor.map({ $0 > deadline }) ?? true else { return }
        armedFor = deadline
        timer?.schedule(after: max(0, deadline - loop.now), fire)
    }

    /// The timer has gone off.
    mutating func didFire() {
        armedFor = nil
    }

    mutating func close() {
        timer?.close()
        timer = nil
        fire = {}
    }
}
