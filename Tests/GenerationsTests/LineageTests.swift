import Correctors
import Foundation
@testable import Generations
import Support
import Testing

@Suite struct LineageTests {
  private func withRun(_ arms: [ArmName], _ body: (URL) throws -> Void) async throws {
    var specification = try Fake.specification()
    specification.arms = arms
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    try body(folder)
  }

  private func first(_ folder: URL, _ path: String) throws -> URL {
    let place = folder.appendingPathComponent(path)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: place.path).sorted().first)
    return place.appendingPathComponent(name)
  }

  @Test("A corrected clip tells its sample its models and what they learnt from")
  func aCorrectedClipTellsItsSampleItsModelsAndWhatTheyLearntFrom() async throws {
    try await withRun([.corrected]) { folder in
      let file = try first(folder, "corrected/generation-002/corrected")
      #expect(try Lineage.run(of: file).standardizedFileURL.path == folder.standardizedFileURL.path)
      let ancestry = try Lineage(run: folder).ancestry(of: file)
      #expect(ancestry.isIntact)
      #expect(ancestry.clips.map(\.record.purpose) == [.correction, .sample])
      #expect(ancestry.clips[0].record.corrector == "nodding test" && ancestry.clips[0].record.verdict == .corrected)
      #expect(ancestry.clips[1].record.file.contains("samples"))
      #expect(ancestry.models.map(\.record.id) == ["corrected/generation-001", "generation-000"])
      #expect(ancestry.models[0].windows.count == 6 && !ancestry.models[0].synthetic.isEmpty)
      #expect(ancestry.models[0].synthetic.allSatisfy { $0.hasPrefix("corrected-001-") })
      #expect(ancestry.models[1].windows == ancestry.run.windows && ancestry.models[1].synthetic.isEmpty)
      #expect(ancestry.run.windows.contains(try #require(ancestry.prompt)))
      let data = try JSONEncoder().encode(ancestry)
      #expect(try JSONDecoder().decode(Ancestry.self, from: data) == ancestry)
    }
  }

  @Test("What was altered or lost is found out") func whatWasAlteredOrLostIsFoundOut() async throws {
    try await withRun([.raw]) { folder in
      let lineage = try Lineage(run: folder)
      #expect(lineage.damages().isEmpty && lineage.hasEnded)
      let file = try first(folder, "raw/generation-002/samples")
      let text = try String(contentsOf: file, encoding: .utf8)
      try text.replacing("Frames", with: "frames").write(to: file, atomically: true, encoding: .utf8)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("raw/generation-001/checkpoint.safetensors"))
      let ancestry = try lineage.ancestry(of: file)
      #expect(!ancestry.isIntact)
      #expect(ancestry.clips[0].condition == .altered)
      #expect(ancestry.models.map(\.condition) == [.missing, .intact])
      let damages = Dictionary(uniqueKeysWithValues: lineage.damages().map { ($0.path, $0.condition) })
      #expect(damages.count == 2 && damages["raw/generation-001/checkpoint.safetensors"] == .missing)
      #expect(damages.values.contains(.altered))
    }
  }

  @Test("A copy is known by its content") func aCopyIsKnownByItsContent() async throws {
    try await withRun([.raw]) { folder in
      let file = try first(folder, "raw/generation-001/samples")
      let copy = FileManager.default.temporaryDirectory.appendingPathComponent("copy-\(UUID()).bvh")
      defer { try? FileManager.default.removeItem(at: copy) }
      try FileManager.default.copyItem(at: file, to: copy)
      let ancestry = try Lineage(run: folder).ancestry(of: copy)
      #expect(ancestry.clips[0].record.file.hasSuffix(file.lastPathComponent))
      #expect(throws: SurefootError.self) { try Lineage.run(of: copy) }
      try Data("other".utf8).write(to: copy)
      #expect(throws: SurefootError.self) { try Lineage(run: folder).ancestry(of: copy) }
    }
  }

  @Test("Choices and auxiliaries belong to the story") func choicesAndAuxiliariesBelongToTheStory() async throws {
    try await withRun(["curated", "sims"]) { folder in
      let lineage = try Lineage(run: folder)
      let curated = try lineage.ancestry(of: try first(folder, "curated/generation-001/samples"))
      #expect(curated.clips[0].choice?.rewards.count == 4 && curated.isIntact)
      let pushed = try lineage.ancestry(of: try first(folder, "sims/generation-002/samples"))
      #expect(pushed.auxiliary?.record.id == "sims/generation-001/auxiliary")
      #expect(pushed.auxiliary?.windows.isEmpty == true)
    }
  }
}
