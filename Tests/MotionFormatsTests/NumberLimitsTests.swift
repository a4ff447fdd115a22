import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing
import Zlib

/// Numbers out of range end in an error that names them, in memory and time in proportion to the file.
@Suite struct NumberLimitsTests {
  private static func bvh(offset: String = "0 10 0", frameTime: String = "0.04", root: String = "0 0 0") -> String {
    """
    HIERARCHY
    ROOT a
    {
    OFFSET 0 0 0
    CHANNELS 4 Xposition Yposition Zposition Zrotation
    JOINT b
    {
    OFFSET \(offset)
    CHANNELS 1 Zrotation
    End Site
    {
    OFFSET 0 10 0
    }
    }
    }
    MOTION
    Frames: 2
    Frame Time: \(frameTime)
    \(root) 0 0
    \(root) 0 0
    """
  }

  @Test(
    "BVH numbers out of range are named",
    arguments: [
      (bvh(offset: "0 1e160 0"), "1e+158"), (bvh(offset: "0 0 1e12"), "10000000000"), (bvh(root: "1e18 0 0"), "1e+16"),
      (bvh(root: "1e300 0 0"), "1e+298"), (bvh(frameTime: "1e300"), "1e+300"),
      (bvh(frameTime: "1e13"), "10000000000000"),
      (bvh(frameTime: "1e-100"), "1e-100"), (bvh(frameTime: "1e-12"), "1e-12"),
    ])
  func bvhNumbers(text: String, value: String) {
    let error = #expect(throws: SurefootError.self) {
      try BVH.read(text: text, name: "f", convention: .centimetres)
    }
    #expect(error?.description.contains(value) == true, "\(error?.description ?? "")")
  }

  @Test("Joints that nest without end are refused before they fill the memory, with the place")
  func depth() {
    func chain(_ count: Int) -> String {
      let joint = "JOINT a { OFFSET 0 1 0 CHANNELS 1 Zrotation\n"
      return "HIERARCHY ROOT r { OFFSET 0 0 0 CHANNELS 0\n" + String(repeating: joint, count: count)
        + "End Site { OFFSET 0 1 0 }" + String(repeating: "}", count: count + 1)
        + " MOTION Frames: 1 Frame Time: 0.1\n" + String(repeating: "0 ", count: count)
    }
    let error = #expect(throws: SurefootError.self) { try BVH.read(text: chain(4096), name: "f") }
    #expect(error?.line == 4097 && error?.message == "joints nest 4096 deep")
    #expect((try? BVH.read(text: chain(100), name: "f"))?.motion.skeleton.count == 101)
  }

  @Test("An AMC file's impossible rate is named")
  func amcRate() throws {
    let actor = try ASF.read(bytes: Array(AcclaimTests.skeletonText.utf8), file: "f.asf")
    let text = "# frames per second: 1.8e19\n" + AcclaimTests.motionText
    let error = #expect(throws: SurefootError.self) {
      try AMC.read(bytes: Array(text.utf8), file: "f.amc", name: "f", skeleton: actor)
    }
    #expect(error?.message.contains("1.8e+19") == true)
  }

  @Test("A DeepMimic quaternion of 1e200 is named")
  func deepMimicQuaternion() {
    let text = DeepMimicTests.text([DeepMimicTests.row(root: [1e200, 0, 0, 0])])
    let error = #expect(throws: SurefootError.self) { try DeepMimicTests.read(text) }
    #expect(error?.message.contains("1e+200") == true)
  }

  @Test("Resampling refuses what would multiply the frames beyond reason, unless it is allowed")
  func resampling() throws {
    let skeleton = FormatTests.walk().skeleton
    let slow = Motion(skeleton: skeleton, frameTime: 1000, poses: FormatTests.walk(frames: 20).poses)
    let error = #expect(throws: SurefootError.self) { try slow.resampled(to: 20, file: "f") }
    #expect(error?.message.contains("19000") == true, "\(error?.description ?? "")")
    let fast = Motion(skeleton: skeleton, frameTime: 1e-9, poses: slow.poses)
    #expect(throws: SurefootError.self) { try fast.resampled(to: 20, file: "f", allowingLong: true) }
    #expect(throws: SurefootError.self) { try slow.resampled(to: 1e9, file: "f", allowingLong: true) }
    #expect(try FormatTests.walk().resampled(to: 120, file: "f").frameRate == 120)
  }

  @Test("An archive that claims gigabytes allocates none")
  func archiveBomb() throws {
    var zip = ZipArchive()
    zip.add("rotations.npy", [1, 2, 3])
    var bytes = zip.bytes
    let directory = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    // Size and packed size of the directory's entry.
    bytes.replaceSubrange(directory + 24..<directory + 28, with: [0, 0, 0, 0xF0])
    let error = #expect(throws: SurefootError.self) { try NumPyArchive(bytes: bytes, file: "f.npz") }
    #expect(error?.message.contains("4026531840 bytes") == true)
    // Zeros deflate a thousandfold; the declared size is the cap.
    let packed = Deflate.compress([UInt8](repeating: 0, count: 1 << 22))
    #expect(throws: Deflate.Failure.self) { try Deflate.decompress(packed[...], limit: 1 << 10) }
  }

  @Test("A GLB file of two keys far apart is refused")
  func glbLongTime() throws {
    var file = ForeignGLB(FormatTests.walk(frames: 2))
    // The times are the first accessor; the second key comes after a year.
    file.binary.replaceSubrange(
      8..<12, with: withUnsafeBytes(of: Float(31_536_000).bitPattern.littleEndian) { Array($0) })
    let error = #expect(throws: SurefootError.self) { try GLB.reading(bytes: try file.bytes(), file: "f", name: "f") }
    #expect(error?.message.contains("from first to last") == true, "\(error?.description ?? "")")
  }

  @Test("Quaternions that are no rotations are not written")
  func zeroQuaternions() throws {
    var motion = FormatTests.walk(frames: 2)
    motion.poses[1].rotations[3] = Quaternion(w: 0, x: 0, y: 0, z: 0)
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "a.npz")
      #expect(throws: SurefootError.self) { try MotionArchive.write(FormatTests.clip(motion), to: url) }
    }
  }

  @Test("A skeleton of 30,000 joints is written and read in time that grows with it", .timeLimit(.minutes(5)))
  func manyJoints() throws {
    let count = 30_000
    var star = [Joint(name: "root", parent: nil, offset: .zero, channels: .root)]
    for index in 1..<count {
      let height = Double(index % 100) * 0.01
      star.append(Joint(name: "j\(index)", parent: 0, offset: SIMD3(0, height, 0)))
    }
    let skeleton = Skeleton(joints: star)
    let clip = FormatTests.clip(Motion(skeleton: skeleton, frameTime: 0.1, poses: [Pose(resting: skeleton)]))
    try FormatTests.withFolder { folder in
      try AMC.write(clip, to: folder.appending(path: "a.amc"))
      #expect(try BVH.text(of: clip).utf8.count > count)
    }
  }

  @Test("A name of megabytes is refused")
  func longNames() {
    let text = Self.bvh().replacing("JOINT b", with: "JOINT " + String(repeating: "b", count: 1 << 20))
    let error = #expect(throws: SurefootError.self) { try BVH.read(text: text, name: "f") }
    #expect(error?.message.contains("1048576 bytes") == true)
  }
}
