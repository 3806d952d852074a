public import Messages
public import Transport

extension MessageID: PathParameter {
    /// What an id looks like.
    public static var pathParameterForm: String { "a message id, a UUID of 36 characters" }

    /// Reads a UUID; nil for anything else.
    public init?(pathParameter text: String) {
        do throws(MessageError) {
            try self.init(parsing: text)
        } catch {
            // The router's answer names the form.
            return nil
        }
    }
}
