import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

/// GLB files, ours and others': read back to the same motion, or refused.
@Suite struct GLBReadingTests {
  @Test("Ours comes back") func oursComesBack() throws {
    for clip in try FormatTests.sources() {
      try FormatTests.withFolder { folder in
        let url = folder.appending(path: "a.glb")
        try GLB.write(clip, to: url)
        let reading = try MotionFile.reading(contentsOf: url)
        #expect(reading.warnings.isEmpty)
        let (motion, again) = (clip.motion, reading.clip.motion)
        #expect(again.frameTime == motion.frameTime && again.count == motion.count)
        #expect(again.skeleton.joints.map(\.parent) == Self.depthFirst(motion).skeleton.joints.map(\.parent))
        #expect(Self.distance(Self.depthFirst(motion), again) < 1e-3 * min(1, clip.convention.metresPerUnit))
        let tips = Self.depthFirst(motion).skeleton.joints.map(\.endSite)
        for (tip, theirs) in zip(tips, again.skeleton.joints.map(\.endSite)) {
          // A tip of a joint that has joints below is no leaf's.
          guard let theirs else { continue }
          #expect(((tip ?? .zero) - theirs).length < 1e-9)
        }
      }
    }
  }

  @Test("A single frame and a slow rate come back") func aSingleFrameAndASlowRateComeBack() throws {
    for (frames, rate) in [(1, 24.0), (7, 2.0), (2, 119.88)] {
      try FormatTests.withFolder { folder in
        let url = folder.appending(path: "a.glb")
        let motion = FormatTests.walk(frames: frames, rate: rate)
        try GLB.write(FormatTests.clip(motion), to: url)
        let again = try GLB.reading(contentsOf: url).clip.motion
        #expect(again.count == frames && again.frameTime == motion.frameTime)
      }
    }
  }

  @Test(
    "Others are turned to the worlds frames",
    arguments: [("LINEAR", ForeignGLB.Numbers.floats, 1e-5), ("STEP", .floats, 1e-5), ("LINEAR", .shorts, 2e-3)])
  func othersAreTurnedToTheWorldsFrames(kind: (String, ForeignGLB.Numbers, Double)) throws {
    let motion = Self.depthFirst(FormatTests.walk(frames: 30, rate: 120))
    let bytes = try ForeignGLB(motion, interpolation: kind.0, numbers: kind.1).bytes()
    let reading = try GLB.reading(bytes: bytes, file: "f.glb", name: "f")
    let again = reading.clip.motion
    #expect(reading.warnings.isEmpty && again.count == 30 && abs(again.frameRate - 120) < 1e-3)
    #expect(again.skeleton.names == motion.skeleton.names)
    #expect(Self.distance(motion, again) < kind.2)
    // The figure at rest is the file's, whatever its joints' own axes.
    for (mine, theirs) in zip(motion.skeleton.joints, again.skeleton.joints).dropFirst() {
      #expect((mine.offset - theirs.offset).length < kind.2)
    }
  }

  @Test("Sparse keys are sampled at a usual rate") func sparseKeysAreSampledAtAUsualRate() throws {
    let motion = Self.depthFirst(FormatTests.walk(frames: 31, rate: 30))
    // A key every third of a second.
    let reading = try GLB.reading(
      bytes: try ForeignGLB(motion, every: 10).bytes(), file: "f.glb", name: "f")
    let again = reading.clip.motion
    #expect(again.count == 25 && abs(again.frameRate - 24) < 1e-9 && reading.warnings.isEmpty)
    #expect((again.poses[8].rootPosition - motion.poses[10].rootPosition).length < 1e-5)
    let wanted = try GLB.reading(
      bytes: try ForeignGLB(motion, every: 10).bytes(), file: "f.glb", name: "f", frameRate: 60)
    #expect(wanted.clip.motion.count == 61)
  }

  @Test("Cubic curves pass through their keys") func cubicCurvesPassThroughTheirKeys() throws {
    var file = ForeignGLB(Self.depthFirst(FormatTests.walk(frames: 20, rate: 20)))
    // A straight line as a curve: place and slope of x(t) = 3 t, from 1 s to 2 s.
    let start = file.binary.count
    for number in [1.0, 2] { file.binary.append(float32: number) }
    for number in [3, 0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 0, 6, 0, 0, 3, 0, 0.0] { file.binary.append(float32: number) }
    file.document["buffers"] = [["byteLength": file.binary.count]]
    file.document["bufferViews"] = [
      ["buffer": 0, "byteOffset": start, "byteLength": 8], ["buffer": 0, "byteOffset": start + 8, "byteLength": 72],
    ]
    file.document["accessors"] = [
      ["bufferView": 0, "componentType": 5126, "count": 2, "type": "SCALAR"],
      ["bufferView": 1, "componentType": 5126, "count": 6, "type": "VEC3"],
    ]
    file.document["nodes"] = [["name": "Hips"]]
    file.document["skins"] = nil
    file.document["animations"] = [
      [
        "channels": [["sampler": 0, "target": ["node": 0, "path": "translation"]]],
        "samplers": [["input": 0, "output": 1, "interpolation": "CUBICSPLINE"]],
      ]
    ]
    let motion = try GLB.reading(bytes: try file.bytes(), file: "f", name: "f").clip.motion
    #expect(motion.count == 25)
    for (frame, pose) in motion.poses.enumerated() {
      #expect((pose.rootPosition - SIMD3(3 + Double(frame) / 8, 0, 0)).length < 1e-5)
    }
  }

  @Test(
    "What is not read is refused",
    arguments: [
      "sparse", "external", "circle", "scale", "no animation", "extension", "short", "kind", "keys", "view",
    ])
  func whatIsNotReadIsRefused(fault: String) throws {
    var file = ForeignGLB(FormatTests.walk(frames: 4))
    func edit(_ key: String, _ index: Int, _ change: [String: Any]) throws {
      var list = try #require(file.document[key] as? [[String: Any]])
      list[index].merge(change) { $1 }
      file.document[key] = list
    }
    let words: String
    switch fault {
    case "sparse": (words, _) = ("sparse", try edit("accessors", 1, ["sparse": ["count": 1]]))
    case "external": (words, _) = ("outside the file", try edit("buffers", 0, ["uri": "walk.bin"]))
    case "circle": (words, _) = ("circle", try edit("nodes", 22, ["children": [0]]))
    case "scale": (words, _) = ("scaled unevenly", try edit("nodes", 1, ["scale": [1, 2, 1]]))
    case "no animation": (words, file.document["animations"]) = ("no animation", [])
    case "extension":
      (words, file.document["extensionsRequired"]) = ("EXT_meshopt", ["EXT_meshopt_compression"])
      try edit("bufferViews", 1, ["extensions": ["EXT_meshopt_compression": ["count": 4]]])
    case "short": (words, _) = ("4 keys and 3", try edit("accessors", 1, ["count": 3]))
    case "kind": (words, _) = ("component type 5125", try edit("accessors", 1, ["componentType": 5125]))
    case "keys": (words, _) = ("beyond its bytes", try edit("accessors", 1, ["count": 1 << 60]))
    default: (words, _) = ("beyond the file", try edit("bufferViews", 0, ["byteOffset": 1 << 62]))
    }
    let error = #expect(throws: SurefootError.self) {
      try GLB.reading(bytes: try file.bytes(), file: "f.glb", name: "f")
    }
    #expect(error?.message.contains(words) == true && error?.suggestion != nil, "\(error?.description ?? "")")
  }

  @Test("Not a number is refused") func notANumberIsRefused() throws {
    let whole = try ForeignGLB(FormatTests.walk(frames: 4)).bytes()
    var damaged = whole
    damaged.replaceSubrange((whole.count - 12)..<(whole.count - 8), with: [0, 0, 0xC0, 0x7F])
    let error = #expect(throws: SurefootError.self) { try GLB.reading(bytes: damaged, file: "f.glb", name: "f") }
    #expect(error?.message.contains("nan") == true)
    for length in stride(from: 0, to: whole.count, by: 97) {
      #expect(throws: SurefootError.self) { try GLB.reading(bytes: Array(whole[..<length]), file: "f.glb", name: "f") }
    }
  }

  /// What assimp makes of a BVH file is another exporter's GLB.
  @Test(
    "What assimp writes is read",
    .enabled(if: RealReader.isRequired || RealReader.run(["assimp", "version"])?.status == 0))
  func whatAssimpWritesIsRead() throws {
    try FormatTests.withFolder { folder in
      let motion = Self.depthFirst(FormatTests.walk(frames: 40, rate: 30))
      let (bvh, glb) = (folder.appending(path: "a.bvh"), folder.appending(path: "a.glb"))
      try BVH.write(FormatTests.clip(motion, FileConvention(metresPerUnit: 1)), to: bvh)
      let run = try #require(RealReader.run(["assimp", "export", bvh.path, glb.path, "-fglb2"]))
      #expect(run.status == 0)
      let again = try GLB.reading(contentsOf: glb).clip.motion
      #expect(again.count == motion.count)
      for (mine, theirs) in zip(motion.jointPositions, again.jointPositions) {
        for (joint, name) in motion.skeleton.names.enumerated() {
          let there = try #require(again.skeleton.index(of: name))
          #expect((mine[joint] - theirs[there]).length < 1e-3)
        }
      }
    }
  }

  // MARK: Help

  /// The motion with its joints in the order in which files nest them.
  static func depthFirst(_ motion: Motion) -> Motion {
    var (order, waiting) = ([Int](), [0])
    while let joint = waiting.popLast() {
      order.append(joint)
      waiting += motion.skeleton.children[joint].reversed()
    }
    var place = [Int](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { place[old] = new }
    let joints = order.map { old in
      var joint = motion.skeleton.joints[old]
      joint.parent = joint.parent.map { place[$0] }
      return joint
    }
    let poses = motion.poses.map { pose in
      Pose(
        rootPosition: pose.rootPosition, rotations: order.map { pose.rotations[$0] },
        translations: Dictionary(uniqueKeysWithValues: pose.translations.map { (place[$0], $1) }))
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: motion.frameTime, poses: poses)
  }

  static func distance(_ a: Motion, _ b: Motion) -> Double {
    zip(a.jointPositions, b.jointPositions).flatMap { zip($0, $1).map { ($0 - $1).length } }.max() ?? .infinity
  }
}
