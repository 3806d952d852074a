import Configuration
public import Stages

/// The reference page of routes.yaml, made from the declarations of its keys, its stages and the adapters.
public enum RoutesReference {
    /// The page in Markdown.
    ///
    /// `docs/routes.md` is this text; `make docs` writes it, and a test fails when it is stale.
    public static func markdown(adapters: [AdapterDescription], stages: StageRegistry = .standard) -> String {
        let sections =
            [introduction, section("router", "The router", RouterSchema.router)]
            + [mailboxes(adapters), routes, targets, conditions, StageReference.markdown(stages), tests, environment]
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func section(_ key: String, _ title: String, _ schema: SettingsSchema) -> String {
        "## \(title): `\(key)`\n\n" + trimmed(schema.markdown())
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == "\n" { text.removeLast() }
        return text
    }

    private static var introduction: String {
        """
        # routes.yaml

        <!-- Made by `make docs` from the declarations in Sources/Routing and Sources/Stages. -->

        One file says which platforms the router is connected to and where messages go. `postroad check` reads it as the
        router does, reports every fault with its line and column, and needs no network.

        ```yaml
        mailboxes:
          news: {adapter: feed, feeds: {lobsters: {url: "https://lobste.rs/rss", every: 15m}}}

        stages:
          brief: [{truncate: 280}, {template: "*{{subject}}*\\n{{text}}"}]

        routes:
          - name: Swift news for the team
            match: news:lobsters
            where: {subject: /swift/i}
            via: [brief]
            to: local:team

        tests:
          - given: {topic: "news:lobsters", subject: "Swift 6.3", text: "Out now"}
            expect: {to: [local:team], text: "*Swift 6.3*\\nOut now"}
        ```

        ## The file

        \(trimmed(overview.markdown()))
        """
    }

    /// The top of the file, with what has a section of its own left to that.
    private static var overview: SettingsSchema {
        SettingsSchema(
            RouterSchema.top.settings.map { setting in
                var setting = setting
                if ["router", "routes", "tests"].contains(setting.name) {
                    setting.type = setting.name == "router" ? .object([]) : .list(of: .object([]))
                }
                return setting
            })
    }

    private static func mailboxes(_ adapters: [AdapterDescription]) -> String {
        var text = """
            ## Mailboxes: `mailboxes`

            A mailbox is one account on one platform: an adapter with its settings. Its name is the platform of its addresses
            and the source of its topics. The mailbox `local` of the adapter `inbox` is always there unless the file declares
            one of that name.

            \(trimmed(RouterSchema.mailbox.markdown()))
            """
        for adapter in adapters.sorted(by: { $0.name < $1.name }) {
            let ways =
                switch (adapter.canReceive, adapter.canSend) {
                case (true, true): "It receives and sends."
                case (true, false): "It only receives."
                case (false, true): "It only sends."
                case (false, false): "It neither receives nor sends."
                }
            let summary = adapter.summary.isEmpty ? ways : "\(adapter.summary) \(ways)"
            text += "\n\n### `adapter: \(adapter.name)`\n\n\(summary)\n\n\(trimmed(adapter.settings.markdown()))"
        }
        return text
    }

    private static var routes: String {
        """
        ## Routes: `routes`

        \(trimmed(RouterSchema.route.markdown()))

        A topic pattern is a topic, `source:class`, with holes: `*` stands for one segment of the class, `**` for any number
        of them, none included; `*` as the source stands for every mailbox.

        A message goes to the recipients that it names itself, then to those of every route it takes, then to those who have
        subscribed to its topic (`postroad subscriptions`), unless a route stops. One that none of these leads anywhere goes
        to `unrouted`. A stage that fails holds the message for that recipient, with the
        reason; nothing is lost.
        """
    }

    private static var targets: String {
        """
        ### What `to` may say

        | entry | the message goes to |
        | --- | --- |
        | `work:C024BE91L` | the address |
        | `"work:{{meta.channel}}"` | the address that the [template](#templates) makes of it; one that is no address, or whose \
        mailbox cannot send, holds the message for `unrouted`, with the reason |
        | `reply` | its sender, in its thread, as from a machine; what a machine wrote gets no answer |
        | `list:everyone` | the members of the list |
        | `subscribers` | all who have subscribed to its topic, through the stages of this route |
        | `{split: {"work:C1": 3, "work:C2": 1}}` | one of these addresses: of four messages three to the first. It depends on \
        the message's id alone |

        ```yaml
        routes:
          - match: ["work:**", "news:*"]
            except: work:test/**
            to: ["work:{{meta.channel | default:'C1'}}", list:everyone, {split: {"work:C1": 3, "work:C2": 1}}]
        lists:
          everyone: {members: [work:U1, work:U2], owners: work:U1, post: members}
        ```

        ## Lists: `lists`

        \(trimmed(MailingList.schema.markdown()))

        An address is a member as the file says, or by `postroad lists join`; whoever leaves at run time has left, whatever
        the file says. `postroad lists show` tells of each member where it comes from.
        """
    }

    private static var tests: String {
        """
        ## Tests: `tests`

        \(trimmed(RouterSchema.test.markdown()))

        A message is given the id, time and sender that it lacks. What a case does not mention is not looked at.
        """
    }

    private static var environment: String {
        """
        ## Secrets and the environment

        `${NAME}` and `${NAME:-default}` stand for environment variables, `{file: path}` for the contents of a file. Any key
        can be overridden: `POSTROAD_MAILBOXES__WORK__TOKEN`, with two underscores between levels.
        """
    }
}
