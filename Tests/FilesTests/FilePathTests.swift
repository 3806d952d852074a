import Files
import Testing

@Suite struct FilePathTests {
    @Test(
        "a path knows its name and its folder",
        arguments: [
            ("/a/b/c.yaml", "c.yaml", "/a/b"), ("c.yaml", "c.yaml", "."), ("/c", "c", "/"), ("a/b/", "b", "a"),
            ("/", "", "/"), ("//", "", "/"), ("./x", "x", "."),
        ])
    func parts(text: String, name: String, folder: String) {
        #expect(FilePath(text).name == name)
        #expect(FilePath(text).folder.text == folder)
    }

    @Test("a name is appended with one slash")
    func appending() {
        #expect(FilePath("/a").appending("b").text == "/a/b")
        #expect(FilePath("/a/").appending("b").text == "/a/b")
        #expect(FilePath("").appending("b").text == "b")
    }

    @Test("a relative path starts at the folder, an absolute one does not")
    func relative() {
        #expect(FilePath("routes.d/*.yaml").relative(to: "/etc/postroad").text == "/etc/postroad/routes.d/*.yaml")
        #expect(FilePath("/x").relative(to: "/etc").text == "/x")
    }
}
