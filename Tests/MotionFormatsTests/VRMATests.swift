import Foundation
@testable import Kinematics
@testable import MotionFormats
import Support
import Testing

/// VRM animations: the extension that avatars' players ask for, and the motion.
@Suite struct VRMATests {
  @Test("A VRM animation names the humanoid's bones, rests with arms out, and comes back")
  func aVRMAnimationIsWhole() throws {
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "walk.vrma")
      let clip = FormatTests.clip(FormatTests.walk(frames: 8))
      try VRMA.write(clip, to: url)
      let bytes = try Data(contentsOf: url)
      let length = bytes[12..<16].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
      let object = try JSONSerialization.jsonObject(with: bytes[20..<20 + length])
      let document = try #require(object as? [String: Any])
      #expect(document["extensionsUsed"] as? [String] == ["VRMC_vrm_animation"])
      let extensions = try #require(document["extensions"] as? [String: [String: Any]])
      let animation = try #require(extensions["VRMC_vrm_animation"])
      #expect(animation["specVersion"] as? String == "1.0")
      let humanoid = try #require(animation["humanoid"] as? [String: [String: [String: Int]]])
      let bones = try #require(humanoid["humanBones"])
      let nodes = try #require(document["nodes"] as? [[String: Any]])
      #expect(bones.count == 22)
      // The face along +Z, the left arm along +X, no node turned at rest.
      let node = try #require(bones["leftLowerArm"]?["node"])
      let elbow = try #require(nodes[node]["translation"] as? [Double])
      #expect(elbow[0] > 0.99 * (elbow.map { $0 * $0 }.reduce(0, +)).squareRoot())
      #expect(nodes.allSatisfy { $0["rotation"] == nil })
      let again = try MotionFile.reading(contentsOf: url).clip.motion
      #expect(again.count == 8)
      let (a, b) = (clip.motion.jointPositions[5], again.jointPositions[5])
      let head = try #require(again.skeleton.names.firstIndex(of: CanonicalJoint.head.fileName))
      #expect((a[CanonicalJoint.head.rawValue] - b[head]).length < 1e-4)
    }
  }

  @Test("A GLB file names no extension") func aGLBFileNamesNoExtension() throws {
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "walk.glb")
      try GLB.write(FormatTests.clip(FormatTests.walk(frames: 3)), to: url)
      #expect(try Data(contentsOf: url).range(of: Data("extensionsUsed".utf8)) == nil)
    }
  }
}
