extension RoutesReference {
    /// What `where` and `filter` may say.
    static var conditions: String {
        """
        ## Conditions: `where` and `filter`

        A mapping of fields to what they must be; all of them must hold.

        ```yaml
        where:
          subject: /swift/i                 # a regular expression is found in it
          from: "mail:*@example.org"        # a glob: the whole text fits
          kind: [message, edit]             # one of these
          meta.score: ">= 5"                # a number
          priority: ">= high"
          headers.List-Id: {exists: true}
          any:                              # any, all, not: nest as you like
            - {meta.lang: de}
            - {not: {sender.auto: true}}
        ```

        Fields are `subject`, `text`, `from`, `sender.name`, `sender.authenticated`, `sender.auto`, `kind`, `priority`,
        `topic`, `thread`, `part.type`, `part.media_type`, `meta.NAME` and `headers.NAME`. A missing field fits nothing but
        `{exists: false}`, `ne` and `not`.

        | value | holds when |
        | --- | --- |
        | `/…/`, with flags `i`, `s`, `m`, `x` | the regular expression (Perl's syntax) is found |
        | `">= 5"`, `"> 5"`, `"<= 5"`, `"< 5"` | the number, or the priority, compares so |
        | a text with `*` or `?` in it | the whole text fits the glob; for `topic`, the topic pattern |
        | any other scalar | it is equal |
        | a list | one of its values holds |
        | a mapping of `eq`, `ne`, `in`, `regex`, `glob`, `lt`, `lte`, `gt`, `gte`, `exists`, `not` | all of them hold |

        A regular expression that takes too many steps on a text is given up: the route is then not taken, and a `filter`
        holds the message.
        """
    }
}
