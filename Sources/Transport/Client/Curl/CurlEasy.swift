import CCurl

/// Owns one easy handle of curl: its options, its lists, its error text.
final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// The first option that curl did not take, if any.
    private(set) var failure: CURLcode?

    init?() {
        guard let handle = curl_easy_init() else {
            errorText.deallocate()
            return nil
        }
        self.handle = handle
        prepare()
    }

    deinit {
        curl_easy_cleanup(handle)
        freeLists()
        errorText.deallocate()
    }

    /// Forgets all options for the next transfer; connections and the DNS cache belong to the multi handle and stay.
    func reset() {
        curl_easy_reset(handle)
        freeLists()
        failure = nil
        prepare()
    }

    func set(_ option: CURLoption, _ value: Int) {
        check(ccurl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, offset value: Int) {
        check(ccurl_set_offset(handle, option, curl_off_t(value)))
    }

    /// Sets a text, of which curl keeps a copy.
    func set(_ option: CURLoption, _ value: String) {
        check(ccurl_set_text(handle, option, value))
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        check(ccurl_set_pointer(handle, option, value))
    }

    /// Sets a list, which lives until the next `reset`.
    func set(_ option: CURLoption, _ values: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            guard let longer = curl_slist_append(list, value) else {
                failure = failure ?? CURLE_OUT_OF_MEMORY
                break
            }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        check(ccurl_set_list(handle, option, list))
    }

    func check(_ code: CURLcode) {
        if code != CURLE_OK, failure == nil { failure = code }
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(handle, info, &value) == CURLE_OK ? value : 0
    }

    func text(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        guard ccurl_get_text(handle, info, &value) == CURLE_OK, let value else { return nil }
        return String(cString: value)
    }

    /// What curl says of an error: its own words, or the general ones for the code.
    func explain(_ code: CURLcode) -> String {
        errorText.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
    }

    private func prepare() {
        errorText.pointee = 0
        set(CURLOPT_ERRORBUFFER, pointer: errorText)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // Without these curl would look at http_proxy, no_proxy and the like in the environment; what a proxy is stands
        // in the configuration.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "")
        // A name that nobody answers for would hold the loop up when its transfer ends early: curl would wait for the
        // thread that asks (asyn-thread.c); so that thread is left to end by itself.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    /// Goes through a proxy, whose answer to CONNECT is not taken for the server's.
    func setProxy(_ proxy: HTTPProxy) {
        set(CURLOPT_PROXY, proxy.description)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let credentials = proxy.credentials {
            set(CURLOPT_PROXYUSERNAME, credentials.user)
            set(CURLOPT_PROXYPASSWORD, credentials.password)
        }
    }

    func setSecurity(_ security: HTTPClientSecurity) {
        if let file = security.authorityFile {
            set(CURLOPT_CAINFO, file)
            set(CURLOPT_PROXY_CAINFO, file)
        }
        if let file = security.certificateFile {
            set(CURLOPT_SSLCERT, file)
            set(CURLOPT_SSLKEY, security.keyFile ?? file)
        }
    }

    private func freeLists() {
        for list in lists { curl_slist_free_all(list) }
        lists = []
    }
}
