import Engine
import Messages
import Spooling
import Transport

extension ControlAPI {
    /// `GET /v1/traffic?since=TIME`: how many messages took which way, of the last day unless told otherwise.
    func traffic(_ request: HTTPRequest) async throws -> HTTPResponse {
        let since = try request.query("since").map { try Timestamp(parsing: $0) } ?? exchange.now - .seconds(86_400)
        let report = try await spool.traffic(since: since)
        return .json([
            "since": .string(since.description), "complete": .bool(report.isComplete),
            "traffic": .array(report.rows.map { $0.json() }),
        ])
    }
}

extension RouteTraffic {
    fileprivate func json() -> JSON {
        var object: JSONObject = ["source": .string(source), "route": .string(route.name)]
        object["route_location"] = route.location.map(JSON.string)
        object["to"] = .string(recipient)
        for (state, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            object[state.rawValue] = .integer(Int64(count))
        }
        return .object(object)
    }
}
