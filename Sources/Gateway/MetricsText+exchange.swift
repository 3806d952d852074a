import Engine

extension MetricsText {
    /// Writes what the exchange has counted and measured.
    mutating func write(_ metrics: ExchangeMetrics) {
        counters(
            "postroad_messages_accepted_total", "Messages taken, by the mailbox they came in by.", metrics.accepted)
        counters(
            "postroad_messages_duplicate_total", "Repetitions of messages taken before.", metrics.duplicates)
        counters(
            "postroad_messages_refused_total", "Messages not taken: refused, busy, full, unavailable.", metrics.refused)
        counters(
            "postroad_attempts_total", "Attempts that ended, by what the platform answered.", metrics.attempts)
        counters("postroad_dispatches_dead_total", "Dispatches given up, rejected or expired.", metrics.dead)
        histogram(
            "postroad_accept_duration_seconds", "From the arrival of a message until it may be acknowledged.",
            metrics.accept)
        histogram(
            "postroad_commit_duration_seconds", "From handing messages to the spool until they are on stable storage.",
            metrics.commit)
        histogram(
            "postroad_queue_wait_seconds", "From when a dispatch was due until its attempt began.", metrics.queueWait)
        let name = "postroad_attempt_duration_seconds"
        begin(name, .histogram, "How long attempts took.")
        for (labels, histogram) in metrics.attempt.all { samples(name, Self.labels(labels), histogram) }
    }

    private mutating func counters(_ name: String, _ help: String, _ family: MetricFamily<Counter>) {
        begin(name, .counter, help)
        for (labels, counter) in family.all { sample(name, Self.labels(labels), counter.value) }
    }

    private mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        begin(name, .histogram, help)
        samples(name, [], histogram)
    }

    private mutating func samples(_ name: String, _ labels: [(name: String, value: String)], _ histogram: Histogram) {
        let counts = histogram.cumulativeCounts
        for (bound, count) in zip(histogram.bounds.map { "\($0)" } + ["+Inf"], counts) {
            sample("\(name)_bucket", labels + [("le", bound)], count)
        }
        sample("\(name)_sum", labels, histogram.totalSeconds)
        sample("\(name)_count", labels, counts.last ?? 0)
    }

    private static func labels(_ labels: MetricLabels) -> [(name: String, value: String)] {
        [("mailbox", labels.mailbox)] + (labels.outcome.map { [("outcome", $0)] } ?? [])
    }
}
