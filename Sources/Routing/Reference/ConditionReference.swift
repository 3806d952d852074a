import Conditions

extension RoutesReference {
    private static var fieldNames: String { Condition.fieldNames.map { "`\($0)`" }.joined(separator: ", ") }

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
          meta.labels: {contains: bug}      # a member of a list, or a part of a text
          part.size: {between: [1, 100000]}
          language: zh                      # zh-Hans and zh-TW too
          arrived: {between: ["09:00", "17:00"], days: mon-fri, zone: Europe/Berlin}
          any:                              # any, all, not: nest as you like
            - {meta.lang: de}
            - {not: {sender.auto: true}}
        ```

        Fields are those of an envelope by their names in the API, \(fieldNames) are known; of a list or of several parts one \
        that fits is enough. A missing field fits nothing but `{exists: false}`, `ne` and `not`.

        | field | is |
        | --- | --- |
        | `arrived` | when this router took the message; `time` is when it was written |
        | `sender.authenticated` | whether the platform vouches for the sender |
        | `sender.auto` | whether a machine wrote the message |
        | `language` | `meta.language`, in which `zh` stands for every kind of Chinese, in any case |
        | `meta.NAME` | a fact from the adapter; dots lead into nested objects |
        | `headers.NAME` | a field of the platform's own header, in any case |
        | `part.size` | the bytes of a part |
        | `received.router`, `received.by` | the routers that the message has passed, and the mailboxes it came in by |

        | value | holds when |
        | --- | --- |
        | `/…/`, with flags `i`, `s`, `m`, `x` | the regular expression (Perl's syntax) is found |
        | `">= 5"`, `"> 5"`, `"<= 5"`, `"< 5"` | the number, or the priority, compares so |
        | a text with `*` or `?` in it | the whole text fits the glob; for `topic`, the topic pattern |
        | any other scalar | it is equal |
        | a list | one of its values holds |
        | a mapping of operators | all of them hold |

        | operator | holds when |
        | --- | --- |
        | `eq`, `ne` | it is equal, it is not; stars and slashes stand for themselves |
        | `in` | it is one of a list, or one of the lines of a file, as in `{in: {file: vip.txt}}`; lines that begin with `#` \
        do not count, and a change of the file is taken up as one of this file is |
        | `regex`, `glob` | the expression is found, the whole text fits |
        | `lt`, `lte`, `gt`, `gte` | the number, the priority or the time compares so |
        | `between` | it is one of two numbers or priorities, or within them |
        | `contains` | the value, or each of a list of values, is a member of the list, or a part of the text |
        | `exists` | the field is there (`true`), or is not (`false`) |
        | `not` | the value does not hold |

        Times (`time`, `arrived`, `not_before`, `expires`) are asked for by date, `2026-12-24`, by time, `2026-12-24T18:00`, or
        by the hour of the day, `"18:00"`.

        | operator for times | holds when |
        | --- | --- |
        | `between` | it is within two dates or times, both included, or from one hour of the day to before another, which \
        may be one of the next morning |
        | `days` | it is one of these days, `mon-fri` or `[sat, sun]`; with `between` that on which the hours began |
        | `zone` | the time zone whose clocks and calendar count, as in `Europe/Berlin`; UTC without one |

        A regular expression that takes too many steps on a text is given up: the route is then not taken, and a `filter`
        holds the message.
        """
    }
}
