import Messages
import Transport

/// A certificate for a person.
struct CertificatePrinter {
    let console: Console

    func print(_ certificate: TLSCertificateFacts) {
        console.print("subject", certificate.subject)
        let names = certificate.names + certificate.addresses
        console.print("for", names.isEmpty ? "no name" : names.joined(separator: ", "))
        console.print("from", Timestamp(seconds: certificate.validity.lowerBound).description)
        console.print("until", Timestamp(seconds: certificate.validity.upperBound).description)
        console.print("sha256", certificate.groupedFingerprint)
    }
}

extension TLSCertificateFacts {
    /// The fingerprint as browsers and OpenSSL show it: `AB:01:…`.
    var groupedFingerprint: String {
        var text = ""
        for (index, digit) in fingerprint.uppercased().enumerated() {
            if index > 0, index.isMultiple(of: 2) { text += ":" }
            text.append(digit)
        }
        return text
    }

    /// The certificate for a program.
    var json: JSON {
        [
            "file": .string(source), "subject": .string(subject), "names": .array(names.map(JSON.string)),
            "addresses": .array(addresses.map(JSON.string)),
            "not_before": .string(Timestamp(seconds: validity.lowerBound).description),
            "not_after": .string(Timestamp(seconds: validity.upperBound).description),
            "fingerprint": .string(fingerprint),
        ]
    }
}
