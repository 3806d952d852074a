import Configuration

extension RouterSchema {
    static let mail: SettingsSchema = [
        Setting(
            "users", .map(of: .object(mailUser)), default: "{}",
            """
            Who may log in to hand in mail, by name. Passwords are taken under TLS only: by `listen.smtps`, or by \
            `listen.smtp` after STARTTLS. Mail of a user has a verified author.
            """, example: "{ann@hq.example: {password: \"${ANN_PASSWORD}\"}}"),
        Setting(
            "require_login", .boolean, default: "false",
            """
            Whether `listen.smtp` and `listen.smtps` take mail from users who have logged in only; else from everybody, as \
            other mail servers expect.
            """),
    ]

    private static let mailUser: SettingsSchema = [
        Setting("password", .secret, isRequired: true, "The user's password.", example: "${ANN_PASSWORD}"),
        Setting(
            "senders", .list(of: .string), range: SettingRange(0...1_000),
            "The addresses the user may send under, as addresses, `*@domain` or `*`; by default the name itself.",
            example: "[ann@hq.example, \"*@desk.hq.example\"]"),
    ]
}
