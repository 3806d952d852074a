// The language of `postroad spool list`: a filter, or what is wrong and where.

import FuzzDriver
import Messages
import Spooling

fuzz { start, count in
    let text = text(start, count)
    do throws(SpoolError) {
        _ = try DispatchFilter(parsing: text, now: Timestamp(seconds: 1_700_000_000))
    } catch {
        expect(error.description.utf8.count < 4_096 + 8 * text.utf8.count, "an error is a line")
    }
    return 0
}
