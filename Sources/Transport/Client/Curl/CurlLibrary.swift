import CCurl

/// Holds libcurl's global state, which is counted: as long as one of these lives it is there.
final class CurlLibrary {
    init?() {
        // Safe from any thread (curl_global_init(3), CURL_VERSION_THREADSAFE).
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else { return nil }
    }

    deinit {
        curl_global_cleanup()
    }
}
