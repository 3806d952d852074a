import Glibc
import TestSupport
import Transport

/// nginx with TLS on a Unix socket, in front of a server of the test, and the certificates for it.
struct Nginx {
    let folder: String
    /// A loop of the client's group.
    var loop: EventLoop?

    static var path: String { "/usr/sbin/nginx" }
    static var isInstalled: Bool { Program.exists(path) && Program.exists("/usr/bin/openssl") }

    var socket: String { folder + "/s" }
    var authority: String { folder + "/ca.pem" }
    var clientCertificate: String { folder + "/client.pem" }

    /// A request through the Unix socket, with the test's authority.
    func request(_ method: HTTPMethod = .get, _ path: String = "/", host: String = "localhost") -> HTTPClientRequest {
        HTTPClientRequest(
            method, "https://\(host)\(path)", unixSocketPath: socket,
            security: HTTPClientSecurity(authorityFile: authority))
    }

    /// Tells whether nginx listens.
    fileprivate func accepts(on loop: EventLoop) async -> Bool {
        guard let connection = try? await Connection.connect(to: .unix(path: socket), on: loop) else { return false }
        connection.close()
        return true
    }

    /// The number of connections that nginx has seen requests on.
    func connections() throws -> Int {
        Set(try text("/access.log").split(separator: "\n").map { $0.split(separator: " ").first ?? "" }).count
    }

    private func text(_ name: String) throws -> String {
        guard let file = fopen(folder + name, "r") else { throw ProgramError.cannotStart(name) }
        defer { fclose(file) }
        var text: [UInt8] = []
        var byte = getc(file)
        while byte != EOF {
            text.append(UInt8(truncatingIfNeeded: byte))
            byte = getc(file)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Lends nginx, whose `/echo` is answered by a handler of the test.
func withNginx(
    _ settings: String = "", _ handler: any HTTPHandler = EchoHandler(),
    _ body: @escaping (Nginx, HTTPClient) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let nginx = Nginx(folder: folder)
        guard try await Program("/bin/sh", ["-ec", certificates, "sh", folder]).end() == 0 else {
            throw ProgramError.cannotStart("openssl")
        }
        try write(configuration(folder, settings), to: folder + "/nginx.conf")
        try await withServer(handler, at: .unix(path: folder + "/backend")) { _, group in
            let program = try Program(
                Nginx.path, ["-p", folder, "-e", folder + "/error.log", "-c", folder + "/nginx.conf"])
            let client = HTTPClient(group: group)
            var nginx = nginx
            nginx.loop = group.next()
            let result: Result<Void, any Error>
            do {
                try await waitUntil { [nginx] in await nginx.accepts(on: group.next()) }
                result = .success(try await body(nginx, client))
            } catch {
                result = .failure(error)
            }
            client.shutdown()
            try await program.stop()
            try result.get()
        }
    }
}

private func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw FolderError.cannotMake }
    fputs(text, file)
    fclose(file)
}

/// An authority, a certificate for `localhost` and one for a client, made in the folder that is the first argument.
private let certificates = """
    cd "$1"; umask 022
    new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "$@" 2>/dev/null; }
    new -keyout ca.key -out ca.pem -subj /CN=authority -addext basicConstraints=critical,CA:TRUE
    new -CA ca.pem -CAkey ca.key -keyout server.key -out server.pem -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -addext basicConstraints=CA:FALSE
    new -CA ca.pem -CAkey ca.key -keyout client.key -out client.crt -subj /CN=peer -addext basicConstraints=CA:FALSE
    cat client.crt client.key > client.pem
    head -c 1000000 /dev/zero | tr '\\0' a > plain.txt
    """

private func configuration(_ folder: String, _ settings: String) -> String {
    """
    daemon off; master_process off; pid \(folder)/pid; worker_rlimit_nofile 1024;
    events { worker_connections 512; }
    http {
      log_format connections '$connection $server_protocol $status $request';
      access_log \(folder)/access.log connections;
      client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy; fastcgi_temp_path \(folder)/f;
      uwsgi_temp_path \(folder)/u; scgi_temp_path \(folder)/c;
      keepalive_timeout 20; keepalive_requests 10000; client_max_body_size 100m;
      server {
        listen unix:\(folder)/s ssl http2; server_name localhost;
        ssl_certificate \(folder)/server.pem; ssl_certificate_key \(folder)/server.key;
        gzip on; gzip_types text/plain; default_type text/plain; root \(folder);
        location = / { return 200 "$server_protocol"; }
        location = /client { return 200 "$ssl_client_verify $ssl_client_s_dn"; }
        location /echo { proxy_pass http://unix:\(folder)/backend:; proxy_request_buffering off;
          proxy_http_version 1.1; proxy_buffering off; }
        \(settings)
      }
    }
    """
}
