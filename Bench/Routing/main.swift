// The routing table at scale (docs/decisions/0016-table-at-scale.md). Usage:
//   routing-bench make FOLDER SUBSCRIPTIONS ROUTES   writes routes.yaml and a spool
//   routing-bench measure FOLDER                     loads them, looks topics up, and prints a line of JSON
//   routing-bench reload FOLDER                      loads the file anew while another thread looks topics up
// `Bench/routing.py` runs it for tables of several sizes.

import Glibc

func fail(_ text: String) -> Never {
    _ = (text + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("make", 4):
    guard let subscriptions = Int(arguments[2]), let routes = Int(arguments[3]) else { fail("expected two numbers") }
    try await Sample(folder: arguments[1]).write(subscriptions: subscriptions, routes: routes)
case ("measure", 2): print(try await Measurement(folder: arguments[1]).run())
case ("reload", 2): print(try await ReloadMeasurement(folder: arguments[1]).run())
default: fail("usage: routing-bench make FOLDER SUBSCRIPTIONS ROUTES | measure FOLDER | reload FOLDER")
}
