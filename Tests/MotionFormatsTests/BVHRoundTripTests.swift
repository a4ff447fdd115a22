import Foundation
@testable import Kinematics
@testable import MotionFormats
import Randomness
import Testing

/// The folder of CMU's motion capture, if the machine has it.
enum CMUFolder {
  static let url = ProcessInfo.processInfo.environment["SUREFOOT_MOCAP"].map { URL(fileURLWithPath: $0) }
  static let isThere = url != nil
  static let runsLong = ProcessInfo.processInfo.environment["SUREFOOT_LONG_TESTS"] == "1"

  static var bvhFiles: [URL] {
    guard let folder = url?.appending(path: "cmu-bvh/train") else { return [] }
    let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "bvh" }.sorted { $0.path < $1.path }
  }

  static func bvh(_ name: String) -> URL? { url?.appending(path: "cmu-bvh/train/\(name).bvh") }

  static func original(_ name: String) -> URL? { url?.appending(path: "cmu-original/subjects/\(name)") }
}

@Suite struct BVHRoundTripTests {
  static func largestDistance(_ a: Motion, _ b: Motion) -> Double {
    var largest = 0.0
    for (one, other) in zip(a.poses, b.poses) {
      let (p, q) = (a.skeleton.frames(of: one).positions, b.skeleton.frames(of: other).positions)
      for joint in p.indices { largest = max(largest, (p[joint] - q[joint]).length) }
    }
    return largest
  }

  /// What must survive of a skeleton exactly, and what to a millionth of a file unit.
  static func expectSameHierarchy(_ a: Skeleton, _ b: Skeleton, unit: Double) {
    #expect(a.names == b.names)
    #expect(a.joints.map(\.parent) == b.joints.map(\.parent))
    #expect(a.joints.map(\.channels) == b.joints.map(\.channels))
    for (one, other) in zip(a.joints, b.joints) {
      #expect((one.offset - other.offset).length < 2e-6 * unit)
      #expect((one.endSite == nil) == (other.endSite == nil))
      #expect(((one.endSite ?? .zero) - (other.endSite ?? .zero)).length < 2e-6 * unit)
    }
  }

  static func checkRoundTrip(_ url: URL) throws -> Double {
    let reading = try BVH.reading(contentsOf: url)
    #expect(reading.warnings.isEmpty, "\(reading.warnings)")
    let clip = reading.clip
    #expect(clip.convention == FileConvention(metresPerUnit: 0.0254 / 0.45), "\(url.lastPathComponent)")
    let (bytes, report) = try BVH.serialize(clip, file: clip.name, convention: nil)
    #expect(report == BVH.WritingReport())
    let again = try BVH.reading(bytes: bytes, file: "again", name: clip.name).clip
    #expect(again.motion.count == clip.motion.count && again.motion.frameTime == clip.motion.frameTime)
    #expect(again.convention == clip.convention)
    expectSameHierarchy(clip.motion.skeleton, again.motion.skeleton, unit: clip.convention.metresPerUnit)
    return largestDistance(clip.motion, again.motion)
  }

  /// Every sixth clip, the shorter ones: debug builds are slow. All of them under SUREFOOT_LONG_TESTS=1.
  @Test("CMU clips round trip", .enabled(if: CMUFolder.isThere)) func cmuClipsRoundTrip() throws {
    let files = CMUFolder.bvhFiles
    #expect(files.count >= 173)
    let sizes = try files.map { try $0.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0 }
    let chosen = files.indices.filter { CMUFolder.runsLong || ($0 % 6 == 0 && sizes[$0] < 500_000) }
    var worst = 0.0
    for index in chosen { worst = max(worst, try Self.checkRoundTrip(files[index])) }
    print("\(chosen.count) clips, largest distance \(worst) m")
    #expect(worst < 1e-5)
    #expect(chosen.count >= 10)
  }

  /// The source's angles wrap at 180 degrees and swing over in gimbal lock; written ones run on. Fingers and thumbs are
  /// noise in these files, and the step from the artificial first pose is real.
  @Test("Written angles run on", .enabled(if: CMUFolder.isThere), arguments: ["16_16", "49_02", "06_01"])
  func writtenAnglesRunOn(name: String) throws {
    let clip = try BVH.read(contentsOf: try #require(CMUFolder.bvh(name)))
    let body = clip.motion.skeleton.names.map { name in
      !["Thumb", "Finger", "Index"].contains { name.contains($0) }
    }
    let encoder = BVHChannelEncoder(skeleton: clip.motion.skeleton)
    var previous: [[Double]] = []
    for (frame, pose) in clip.motion.poses.enumerated() {
      let angles = encoder.angles(of: pose, near: previous)
      for joint in body.indices where body[joint] && frame > 1 {
        let step = zip(angles[joint], previous[joint]).map { abs($0 - $1) }.max() ?? 0
        #expect(step < .pi / 4, "frame \(frame) \(clip.motion.skeleton.names[joint])")
      }
      previous = angles
    }
  }

  static func sample(_ seed: UInt64, skeleton: Skeleton = .canonical, frames: Int = 8) -> Motion {
    var random = SeededGenerator(seed: seed)
    var rotations = Array(repeating: SIMD3<Double>(), count: skeleton.count)
    let poses = (0..<frames).map { _ in
      for joint in rotations.indices {
        rotations[joint] += 0.3 * SIMD3(random.normal(), random.normal(), random.normal())
      }
      return Pose(
        rootPosition: SIMD3(random.normal(), 0.9, random.normal()),
        rotations: rotations.map { Quaternion(rotationVector: $0) })
    }
    return Motion(skeleton: skeleton, frameTime: 1.0 / 30, poses: poses)
  }

  static func clip(_ motion: Motion, _ convention: FileConvention = .centimetres) -> Clip {
    Clip(name: "sample", motion: motion, convention: convention, provenance: Provenance(source: "test"))
  }

  @Test(
    "Conventions come back",
    arguments: [
      FileConvention.centimetres, FileConvention(metresPerUnit: 1), FileConvention(metresPerUnit: 0.0254),
      FileConvention(metresPerUnit: 1, up: .z), FileConvention(metresPerUnit: 0.01, up: .z),
    ]) func conventionsComeBack(convention: FileConvention) throws
  {
    let clip = Self.clip(Self.sample(1), convention)
    let again = try BVH.read(text: try BVH.text(of: clip), name: "sample")
    #expect(again.convention == convention)
    let ordered = try #require(again.motion.ordered(like: .canonical))
    #expect(ordered.skeleton.isCanonical)
    #expect(Self.largestDistance(clip.motion, ordered) < 1e-5)
    // Local frames and the rest pose stand up too, not the world positions alone.
    let (rest, again0) = (Pose(resting: .canonical), Pose(resting: ordered.skeleton))
    let positions = Skeleton.canonical.frames(of: rest).positions
    for (p, q) in zip(positions, ordered.skeleton.frames(of: again0).positions) { #expect((p - q).length < 1e-5) }
  }

  @Test("A file standing along z is turned") func aFileStandingAlongZIsTurned() throws {
    let clip = Self.clip(Self.sample(2), FileConvention(metresPerUnit: 0.01, up: .z))
    let raw = try BVH.read(text: try BVH.text(of: clip), name: "raw", convention: .centimetres)
    let turned = try #require(raw.motion.ordered(like: .canonical))
    for (frame, pose) in clip.motion.poses.enumerated() {
      let ours = clip.motion.skeleton.frames(of: pose).positions
      let theirs = turned.skeleton.frames(of: turned.poses[frame]).positions
      for (p, q) in zip(ours, theirs) { #expect((SIMD3(p.x, -p.z, p.y) - q).length < 1e-5) }
    }
  }

  @Test(
    "Units and axis are estimated; a figure that lies in every frame is taken for one that stands in another world",
    arguments: [("Y up", 1.0, Axis.y), ("lying", 1.0, Axis.y), ("inches", 0.0254, Axis.y), ("mm", 0.001, .z)])
  func unitsAndAxisAreEstimated(name: String, metres: Double, up: Axis) throws {
    var motion = Self.sample(3, frames: 3)
    if name == "lying" {
      for frame in motion.poses.indices {
        motion.poses[frame] = Pose(resting: motion.skeleton)
        motion.poses[frame].rotations[0] = Quaternion(angle: .pi / 2, axis: .unitX)
      }
    } else {
      for frame in motion.poses.indices { motion.poses[frame] = Pose(resting: motion.skeleton, rootPosition: .unitY) }
    }
    let convention = FileConvention(metresPerUnit: metres, up: up)
    let again = try BVH.read(text: try BVH.text(of: Self.clip(motion, convention)), name: "sample")
    #expect(again.convention.metresPerUnit == metres)
    #expect(again.convention.up == (name == "lying" ? .z : up))
  }
}
