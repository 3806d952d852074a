public import Transport

/// An adapter that answers HTTP requests on the router's own listener.
///
/// Endpoints of several mailboxes may share a path: they are asked in the order of the mailboxes in routes.yaml, and
/// one that returns `nil` passes the request on to the next.
public protocol EndpointProviding: Adapter {
    /// The endpoints; asked for once, after the adapter was made.
    var endpoints: [HTTPRoute] { get }
}
