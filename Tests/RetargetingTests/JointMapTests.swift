import Foundation
@testable import MotionFormats
@testable import Retargeting
@testable import Support
import Testing
import Kinematics

@Suite struct JointMapTests {
  @Test("Shipped files are the top folders") func shippedFilesAreTheTopFolders() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appendingPathComponent("Skeletons")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(names.sorted() == JointMap.shippedFiles.map(\.name))
    for file in JointMap.shippedFiles {
      let text = try String(contentsOf: folder.appendingPathComponent(file.name), encoding: .utf8)
      #expect(text == file.text, "name it in Sources/CTextFiles/text_files.c")
      let map = try JointMap.read(text: file.text, file: file.name)
      #expect(map.name + ".yaml" == file.name)
    }
    #expect(JointMap.shipped.count == names.count)
  }

  @Test(
    "Faults have a place",
    arguments: [
      ("joints: {pelvis: a", 2), ("- a\n", 1), ("name: x\njoints:\n  plevis: Hips\n", 3), ("nmae: x\n", 1),
      ("joints:\n  pelvis: Hips\n", 1), ("joints:\n  pelvis: a\n  leftHip: [A]\n", 3), ("joints:\n  pelvis: []\n", 2),
    ])
  func faultsHaveAPlace(text: String, line: Int) {
    let error = #expect(throws: SurefootError.self) { try JointMap.read(text: text, file: "own.yaml") }
    #expect(error?.line == line, "\(error?.description ?? "")")
    #expect(error?.column != nil)
  }

  @Test("Shipped maps fit their files") func shippedMapsFitTheirFiles() throws {
    #expect(try BipedMap.understanding(.canonical).method.description.contains("joint map"))
    let humanoid = try BipedMap.understanding(DeepMimic.skeleton)
    #expect(humanoid.method == .jointMap("deepmimic"))
    #expect(humanoid[.spine3] == 1 && humanoid[.head] == nil)
    #expect(try BipedMap.understanding(RetargetingTests.renamed(RetargetingTests.smpl)).method == .jointMap("smpl22"))
    let own = JointMap(name: "own", joints: [.pelvis: ["a"]])
    #expect(throws: SurefootError.self) { try BipedMap.understanding(.canonical, own: own) }
  }
}
