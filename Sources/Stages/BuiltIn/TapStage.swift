public import Configuration
public import Messages

/// Sends a copy of the message, as it is at this point, to other addresses too.
public struct TapStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "tap", .list(of: .address), isRequired: true, range: SettingRange(1...100),
                """
                Where copies go: an address or a list of them. The copy is the message as it is at this point of the chain, \
                so a `tap` before a `filter` sees what the filter drops. An address that gets the message by a route \
                already gets no copy.
                """,
                example: "inbox:audit"),
            summary: "sends a copy of the message, as it is here, to another address",
            example: StageExample("{tap: inbox:audit}", before: ["text": "Order 7 is late"], .copies(to: "inbox:audit"))
        )
    }

    /// Where the copies go.
    public let addresses: [StageAddress]

    /// Makes the stage.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        addresses = (arguments.value.list ?? []).compactMap { value in
            value.address.map { StageAddress(address: $0, position: value.position, keyPath: value.keyPath) }
        }
    }

    /// Passes the message on as it is, with a copy for each address.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        .pass([envelope], copies: addresses.map { StageCopy(recipient: $0.address, envelope: envelope) })
    }
}
