import CCurl
import CUV
import Glibc
import Synchronization

/// One transfer of curl, from its options to its end; the subclasses say what of.
///
/// Used on the loop's thread only. The callbacks borrow the transfer, which the multi handle's owner holds until curl
/// has given the easy handle back.
class CurlTransfer {
    private(set) var easy: CurlEasy?
    let privateAddresses: PrivateAddressPolicy
    /// The private address that was not connected to.
    private(set) var refusedAddress: IPAddress?
    /// Whether curl has begun to send the request.
    private(set) var wasSent = false
    /// Who drives the transfer, from its start to its end.
    var owner: CurlMulti?
    /// By what its host's limit counts, from its start to its end.
    var queueKey: HostKey?
    /// Ends it while it waits for its turn.
    var patience: LoopTimer?
    private(set) var isReceivingPaused = false
    private(set) var isSendingPaused = false

    init(privateAddresses: PrivateAddressPolicy) {
        self.privateAddresses = privateAddresses
    }

    /// Sets all options; false when curl did not take one.
    func prepare(_ easy: CurlEasy) -> Bool {
        self.easy = easy
        let data = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_WRITEDATA, pointer: data)
        easy.set(CURLOPT_HEADERDATA, pointer: data)
        easy.set(CURLOPT_OPENSOCKETDATA, pointer: data)
        easy.set(CURLOPT_PREREQDATA, pointer: data)
        easy.check(ccurl_set_receiver(easy.handle, CURLOPT_WRITEFUNCTION) { CurlTransfer.received($0, $1, $2, $3) })
        easy.check(
            ccurl_set_receiver(easy.handle, CURLOPT_HEADERFUNCTION) { CurlTransfer.receivedHeader($0, $1, $2, $3) })
        easy.check(ccurl_set_socket_opener(easy.handle) { CurlTransfer.open($0, $1, $2) })
        easy.check(ccurl_set_prerequest(easy.handle) { data, address, _, _, _ in CurlTransfer.begin(data, address) })
        configure(easy)
        return easy.failure == nil
    }

    /// Sets the options of this kind of transfer.
    func configure(_ easy: CurlEasy) {}

    /// Takes bytes of the body; false breaks the transfer off.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool { true }

    /// Takes one line of a header with its end; false breaks the transfer off.
    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool { true }

    /// Learns of a socket that was made for the transfer.
    func didOpen(_ descriptor: curl_socket_t) {}

    /// Ends the transfer with curl's verdict; the easy handle is still the transfer's.
    func finish(_ code: CURLcode) {}

    /// Ends the transfer for another reason than curl's.
    func abandon(_ reason: CurlAbandonment) {}

    /// Whether a connection that stands stays the transfer's after its end, until someone ends it a second time.
    var keepsConnection: Bool { false }

    /// It goes on after it stood still.
    func didResume() {}

    /// What a limit for its host counts by; nil when there is none.
    var hostKey: HostKey? { nil }

    /// How long it may still take.
    var timeLeft: Duration { .seconds(3600) }

    /// Whether addresses of the socket are to be looked at.
    var checksAddresses: Bool { privateAddresses == .refused }
}

/// Why a transfer was broken off from outside.
enum CurlAbandonment {
    case cancelled
    case stopped
    case timedOut
    /// Too many wait already.
    case refused
}

// MARK: - Standing still

extension CurlTransfer {
    /// Takes no more from the server once the callback this is called from is over.
    ///
    /// Not at once, as curl would then keep what the callback was to get, up to 64 MiB of it, instead of us.
    func pauseReceiving() {
        guard !isReceivingPaused else { return }
        isReceivingPaused = true
        owner?.pauseLater(self)
    }

    /// Sends no more, from a callback: curl has stopped, but does not see an end while it waits for bytes.
    func stopSending() {
        isSendingPaused = false
        owner?.pauseLater(self)
    }

    /// Notes that curl was told to ask again later.
    func didPauseSending() {
        isSendingPaused = true
    }

    func resumeReceiving() {
        guard isReceivingPaused else { return }
        isReceivingPaused = false
        didResume()
        pause()
    }

    func resumeSending() {
        guard isSendingPaused else { return }
        isSendingPaused = false
        didResume()
        pause()
    }

    /// Tells curl what stands still; not from a callback.
    func pause() {
        // After its end the handle may be another's.
        guard let owner, let easy else { return }
        let receiving = isReceivingPaused ? CURLPAUSE_RECV : 0
        let sending = isSendingPaused ? CURLPAUSE_SEND : 0
        let code = curl_easy_pause(easy.handle, receiving | sending)
        // Without a connection there is nothing to pause.
        if code != CURLE_OK, code != CURLE_BAD_FUNCTION_ARGUMENT { owner.fail(self, code) }
    }
}

// MARK: - Callbacks

extension CurlTransfer {
    static func of(_ data: UnsafeMutableRawPointer?) -> CurlTransfer? {
        data.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func received(
        _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
    ) -> Int {
        let bytes = UnsafeRawBufferPointer(start: bytes, count: size * count)
        // Any other number than that of the bytes ends the transfer.
        return of(data)?.receive(bytes) == true ? bytes.count : (bytes.isEmpty ? 1 : 0)
    }

    private static func receivedHeader(
        _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?
    ) -> Int {
        let bytes = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return of(data)?.receiveHeader(bytes) == true ? bytes.count : (bytes.isEmpty ? 1 : 0)
    }

    /// Makes the socket for an address that was resolved, or refuses the address before a packet went there.
    private static func open(
        _ data: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
    ) -> curl_socket_t {
        let refused = curl_socket_t(bitPattern: UInt32.max)
        guard let address, let transfer = of(data) else { return refused }
        if transfer.checksAddresses {
            let ip = withUnsafePointer(to: &address.pointee.addr) {
                SocketAddress(native: $0, length: socklen_t(address.pointee.addrlen))?.ip
            }
            guard let ip else { return refused }
            guard !ip.isPrivate else {
                transfer.refusedAddress = ip
                return refused
            }
        }
        let descriptor = socket(
            address.pointee.family, address.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
        if descriptor >= 0 { transfer.didOpen(descriptor) }
        return descriptor
    }

    /// Is called when the connection stands, be it a new one or one from the pool, before the request goes out.
    private static func begin(_ data: UnsafeMutableRawPointer?, _ address: UnsafeMutablePointer<CChar>?) -> CInt {
        guard let transfer = of(data) else { return CInt(CURL_PREREQFUNC_ABORT) }
        if transfer.checksAddresses, let address {
            // A connection from the pool may have been opened for a request that allows private addresses.
            guard let ip = IPAddress(String(cString: address)), !ip.isPrivate else {
                transfer.refusedAddress = IPAddress(String(cString: address))
                return CInt(CURL_PREREQFUNC_ABORT)
            }
        }
        transfer.wasSent = true
        transfer.owner?.opened(transfer)
        return CInt(CURL_PREREQFUNC_OK)
    }
}
