@testable import Datasets
import Foundation
@testable import MotionFormats
@testable import Retargeting
@testable import Support
import Testing
import Kinematics

@Suite struct JointMapTests {
  @Test func shippedFilesAreTheTopFolders() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appendingPathComponent("Skeletons")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(names.sorted() == ShippedFiles.jointMaps.map(\.name))
    for file in ShippedFiles.jointMaps {
      let text = try String(contentsOf: folder.appendingPathComponent(file.name), encoding: .utf8)
      #expect(text == file.text, "run tools/embed-files")
      let map = try JointMap.read(text: file.text, file: file.name)
      #expect(map.name + ".yaml" == file.name)
    }
    #expect(JointMap.shipped.count == names.count)
    let trials = try String(contentsOf: root.appendingPathComponent("Data/cmu-trials.tsv"), encoding: .utf8)
    #expect(trials == ShippedFiles.cmuTrials, "run tools/embed-files")
    #expect(CMUTrial.shipped.count == 173)
  }

  @Test(arguments: [
    ("joints: {pelvis: a", 2), ("- a\n", 1), ("name: x\njoints:\n  plevis: Hips\n", 3), ("nmae: x\n", 1),
    ("joints:\n  pelvis: Hips\n", 1), ("joints:\n  pelvis: a\n  leftHip: [A]\n", 3), ("joints:\n  pelvis: []\n", 2),
  ])
  func faultsHaveAPlace(text: String, line: Int) {
    let error = #expect(throws: SurefootError.self) { try JointMap.read(text: text, file: "own.yaml") }
    #expect(error?.line == line, "\(error?.description ?? "")")
    #expect(error?.column != nil)
  }

  @Test func shippedMapsFitTheirFiles() throws {
    #expect(try BipedMap.understanding(.canonical).method.description.contains("joint map"))
    let humanoid = try BipedMap.understanding(DeepMimic.skeleton)
    #expect(humanoid.method == .jointMap("deepmimic"))
    #expect(humanoid[.spine3] == 1 && humanoid[.head] == nil)
    #expect(try BipedMap.understanding(RetargetingTests.renamed(RetargetingTests.smpl)).method == .jointMap("smpl22"))
    let own = JointMap(name: "own", joints: [.pelvis: ["a"]])
    #expect(throws: SurefootError.self) { try BipedMap.understanding(.canonical, own: own) }
  }

  @Test func listsOfTrialsAreChecked() throws {
    let good = "trial\tsubject\taction\n01\t06\twalk\n"
    #expect(try CMUTrial.read(text: good, file: "t").map(\.name) == ["06_01"])
    let error = #expect(throws: SurefootError.self) {
      try CMUTrial.read(text: "subject\ttrial\n06\t01\n../x\t1\n", file: "t.tsv")
    }
    #expect(error?.line == 3)
    #expect(throws: SurefootError.self) { try CMUTrial.read(text: "a\tb\n", file: "t.tsv") }
  }
}
