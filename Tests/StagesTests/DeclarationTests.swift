import Configuration
import Messages
import Testing

@testable import Stages

@Suite struct DeclarationTests {
    private static func files(of example: StageExample) -> [String: String] {
        Dictionary(uniqueKeysWithValues: example.files.map { ($0.key, $0.value) })
    }

    @Test("what a stage declares is sound", arguments: StageRegistry.standard.names)
    func sound(name: String) throws {
        let declaration = try #require(StageRegistry.standard[name])
        #expect(SettingsSchema([declaration.setting]).faults.map(\.description) == [])
        #expect(declaration.isPure)
        let example = try #require(declaration.setting.example)
        let files = Self.files(of: declaration.example)
        #expect(try chain("[{\(name): \(example)}]", files: files).steps.map(\.name) == [name])
    }

    @Test("the example of every stage is true", arguments: StageRegistry.standard.names)
    func example(name: String) throws {
        let example = try #require(StageRegistry.standard[name]).example
        let context = try context()
        var envelope = try sample(subject: nil, text: "")
        for (field, text) in example.before {
            try #require(EnvelopeField(parsing: field)).change(to: text, now: context.now).apply(to: &envelope)
        }
        envelope.setText(envelope.text, format: example.format)
        let result = try chain("[\(example.element)]", files: Self.files(of: example)).run(envelope, context: context)
        let branch = try #require(result.branches.first)
        switch example.effect {
        case .passes(let fields):
            #expect(branch.end == .passed)
            for (name, text) in fields {
                let variable = try #require(TemplateVariable(parsing: name))
                #expect(variable.value(in: branch.envelope, context: context).text == text)
            }
        case .splits(let texts):
            #expect(result.branches.allSatisfy { $0.end == .passed })
            #expect(result.branches.map(\.envelope.text) == texts)
        case .drops(let reason): #expect(branch.end == .dropped(stage: name, reason: reason))
        case .holds(let reason):
            #expect(branch.end == .held(stage: name, reason: reason, until: nil, next: 1))
        case .copies(let address): #expect(result.copies.map(\.recipient.description) == [address])
        }
    }

    @Test("the keys that stand beside every stage are declared soundly")
    func modifiers() throws {
        #expect(StageModifiers.schema.faults.map(\.description) == [])
        #expect(StageModifiers.names.allSatisfy { StageRegistry.standard[$0] == nil })
    }
}
