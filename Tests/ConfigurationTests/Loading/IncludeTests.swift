import Configuration
import Files
import Testing

@Suite struct IncludeTests {
    @Test("lists are appended and mappings merged, in the order of the patterns and names")
    func merging() throws {
        let (node, faults, loaded) = load([
            "routes.yaml": "include: [routes.d/*.yaml, more.yaml]\nroutes: [a]\nmailboxes: {work: {x: 1}}\n",
            "routes.d/2.yaml": "routes: [c]\n", "routes.d/1.yaml": "routes: [b]\nmailboxes: {mail: {}}\n",
            "more.yaml": "routes: [d]\nstages: {s: []}\nmailboxes:\n",
        ])
        #expect(faults == [])
        #expect(node?["routes"]?.sequence?.map { $0.scalar?.text } == ["a", "b", "c", "d"])
        #expect(node?["mailboxes"]?.mapping?.keys == ["work", "mail"])
        #expect(node?.mapping?.keys == ["routes", "mailboxes", "stages"])
        #expect(node?["routes"]?.sequence?[1].position.description == "routes.d/1.yaml:1:10")
        #expect(loaded.files == ["routes.yaml", "routes.d/1.yaml", "routes.d/2.yaml", "more.yaml"])
        #expect(loaded.patterns == ["routes.d/*.yaml"])
    }

    @Test("a key that two files give is told with both places")
    func twice() {
        let (_, faults, _) = load([
            "routes.yaml": "include: more.yaml\nmailboxes: {work: {}}\nrouter: {name: a}\nroutes: []\n",
            "more.yaml": "mailboxes: {work: {}}\nrouter: {name: b}\nroutes: {}\n",
        ])
        #expect(
            faults == [
                "more.yaml:1:13: mailboxes.work: the key \"work\" is given here and at routes.yaml:2:13",
                "more.yaml:2:10: router.name: the key \"name\" is given here and at routes.yaml:3:10",
                "more.yaml:3:1: routes: the key \"routes\" is given here and at routes.yaml:4:1",
            ])
    }

    @Test("paths are relative to the file they stand in")
    func nested() {
        let (node, faults, _) = load([
            "routes.yaml": "include: sub/a.yaml\n", "sub/a.yaml": "include: [deep/b.yaml]\nroutes: [a]\n",
            "sub/deep/b.yaml": "include: ../c.yaml\nroutes: [b]\n", "sub/deep/../c.yaml": "routes: [c]\n",
        ])
        #expect(faults == [])
        #expect(node?["routes"]?.sequence?.map { $0.scalar?.text } == ["a", "b", "c"])
    }

    @Test(
        "a circle ends, and is told",
        arguments: [
            (
                ["routes.yaml": "include: ./routes.yaml\n"],
                "routes.yaml:1:10: include: the file \"./routes.yaml\" is included more than once, or includes itself"
            ),
            (
                ["routes.yaml": "include: a.yaml\n", "a.yaml": "include: [x/../routes.yaml]\n"],
                "a.yaml:1:11: include[0]: the file \"x/../routes.yaml\" is included more than once, or includes itself"
            ),
            (
                ["routes.yaml": "include: [a.yaml, a.yaml]\n", "a.yaml": "{}"],
                "routes.yaml:1:19: include[1]: the file \"a.yaml\" is included more than once, or includes itself"
            ),
        ])
    func circles(files: [String: String], fault: String) {
        #expect(load(files).faults == [fault])
    }

    @Test(
        "an include that cannot be used is told",
        arguments: [
            ("include: none.yaml", "routes.yaml:1:10: include: cannot open none.yaml: no such file"),
            ("include: {a: b}", "routes.yaml:1:10: include: expected the paths of files to include, got a mapping"),
            ("include: [[a]]", "routes.yaml:1:11: include[0]: expected the paths of files to include, got a list"),
            ("include: list.yaml", "list.yaml:1:1: expected a mapping of keys at the top of the file, got a list"),
            (
                "include: 'x${NO}'",
                "routes.yaml:1:12: include: the environment variable NO is not set; set it, or write ${NO:-default}"
            ),
        ])
    func broken(text: String, fault: String) {
        #expect(load(["routes.yaml": text, "list.yaml": "[1]"]).faults == [fault])
    }

    @Test("a pattern that matches its own file or nothing is no fault")
    func harmless() {
        #expect(load(["routes.yaml": "include: ['*.yaml', 'none/*.yaml']\n", "a.yaml": "routes: [a]"]).faults == [])
    }

    @Test("a file that is not there is told without a line")
    func missing() {
        let (node, faults, _) = load([:])
        #expect(node == nil)
        #expect(faults == ["routes.yaml: cannot open routes.yaml: no such file"])
    }

    @Test("faults of every file are reported at once")
    func allFaults() {
        let (_, faults, _) = load([
            "routes.yaml": "include: [a.yaml, b.yaml]\nc: ${NO}\n", "a.yaml": "\t", "b.yaml": "{x: 1, x: 2}",
        ])
        #expect(faults.count == 3)
        #expect(faults.map { $0.prefix(6) } == ["a.yaml", "b.yaml", "routes"])
    }
}
