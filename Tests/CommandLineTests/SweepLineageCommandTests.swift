import Foundation
@testable import Support
import Testing

/// `surefoot sweep` and `surefoot lineage` as real processes, on the tiny preset.
@Suite(.serialized) struct SweepLineageCommandTests {
  private static let sweep = """
    preset: tiny
    specification:
      generations: 1
      arms: [corrected]
      data: {windows: 3}
      evaluation: {samples: 6, keep: 1, resamples: 2}
    grid: {lambda: [1, 2]}
    """

  @Test("A sweep then the lineage of its clips") func aSweepThenTheLineageOfItsClips() throws {
    try LoopCommandTests.withDataset { data, folder in
      let (file, output) = (folder.appending(path: "sweep.yaml"), folder.appending(path: "out"))
      try AtomicFile.write(Self.sweep, to: file)
      let arguments = ["sweep", file.path, "--data", data.path, "-o", output.path]
      let first = try ConvertCommandTests.surefoot(arguments)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("corrected") && first.output.contains("table.csv"))
      #expect(try String(contentsOf: output.appending(path: "table.csv"), encoding: .utf8).contains("lambda-2.0"))
      let again = try ConvertCommandTests.surefoot(arguments)
      #expect(again.errors.components(separatedBy: "is done already").count == 3, "\(again.errors)")
      #expect(again.output == first.output)

      let run = output.appending(path: "runs/lambda-1.0")
      let samples = run.appending(path: "corrected/generation-001/samples")
      let clip = samples.appending(path: "corrected-001-0001.bvh")
      let told = try ConvertCommandTests.surefoot(["lineage", clip.path])
      #expect(told.status == 0 && told.output.contains("generation-000"), "\(told.output)\(told.errors)")
      #expect(try ConvertCommandTests.surefoot(["lineage", run.path]).status == 0)
      try AtomicFile.write("HIERARCHY\n", to: clip)
      let altered = try ConvertCommandTests.surefoot(["lineage", clip.path])
      #expect(altered.status == 1 && altered.output.contains("ALTERED"))
      let whole = try ConvertCommandTests.surefoot(["lineage", run.path])
      #expect(whole.status == 1 && whole.output.contains("altered: corrected/generation-001/samples/"))
    }
  }

  @Test(
    "Faults are said",
    arguments: [
      (["lineage", "/nowhere.bvh"], 1, "is not there"),
      (["sweep", "/nowhere.yaml", "--data", "x", "-o", "y"], 64, "cannot be read"),
    ])
  func faultsAreSaid(arguments: [String], status: Int, text: String) throws {
    let run = try ConvertCommandTests.surefoot(arguments)
    #expect(Int(run.status) == status && run.errors.contains(text), "\(run.status) \(run.errors)")
  }
}
