import Files
import Testing

@Suite struct FileErrorTests {
    @Test(
        "an error says what happened, where, and what to do",
        arguments: [
            (
                FileError.failed(operation: .write, path: "/d/a", reason: .noSpace),
                "cannot write /d/a: No space left on device (ENOSPC); free some space on that file system"
            ),
            (
                .failed(operation: .createFolder, path: "/d", reason: .notPermitted),
                "cannot create the folder /d: Permission denied (EACCES); "
                    + "check who owns it and its folders, and their permissions"
            ),
            (.tooLarge(path: "a", limit: 9), "cannot read a: it has more than 9 bytes; is it the right file?"),
            (.notText(path: "a"), "cannot read a: it is not UTF-8 text; save it as UTF-8"),
        ])
    func text(error: FileError, text: String) {
        #expect("\(error)" == text)
    }

    @Test("a missing file is told as the system tells it")
    func missing() {
        #expect(throws: FileError.failed(operation: .open, path: "/none/such", reason: .notFound)) {
            try FileSystem.posix.read("/none/such", limit: 1)
        }
    }

    @Test("a number without a name is shown as it is")
    func rare() {
        #expect(ErrorNumber(rawValue: 4_000).name == "errno 4000")
    }
}
