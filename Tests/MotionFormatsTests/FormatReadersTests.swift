import Foundation
@testable import MotionFormats
import Testing
import Kinematics

/// Files of every format but BVH, read back by programs that others wrote.
@Suite struct FormatReadersTests {
  /// A program and a format that it reads, driven by a script in `tools/checks/readers`.
  struct Reading: Sendable, CustomStringConvertible {
    var reader: String
    var format: any MotionFileFormat
    var probe: [String]
    var command: [String]
    var description: String { "\(reader) on \(format.name)" }

    private static func script(_ name: String) -> String { RealReader.scripts.appending(path: name).path }

    static let all: [Reading] = [
      .init(
        reader: "numpy", format: .npz, probe: ["python3", "-c", "import numpy"],
        command: ["python3", script("positions-numpy.py")]),
      .init(
        reader: "numpy", format: .csv, probe: ["python3", "-c", "import numpy"],
        command: ["python3", script("positions-numpy.py")]),
      .init(
        reader: "numpy", format: .humanML3D, probe: ["python3", "-c", "import numpy"],
        command: ["python3", script("positions-numpy.py")]),
      .init(
        reader: "three.js", format: .glb, probe: ["node", script("positions-threejs.js"), "--probe"],
        command: ["node", script("positions-threejs.js")]),
      .init(
        reader: "assimp", format: .glb, probe: ["assimp", "version"],
        command: ["python3", script("positions-assimp.py")]),
      .init(
        reader: "pygltflib", format: .glb, probe: ["python3", "-c", "import pygltflib, numpy"],
        command: ["python3", script("positions-pygltflib.py")]),
    ]

    static let present = all.filter { RealReader.isRequired || RealReader.run($0.probe)?.status == 0 }
  }

  private static func probes() throws -> [Clip] {
    var clips = [FormatTests.clip(FormatTests.walk())]
    if let url = CMUFolder.bvh("16_16") {
      var cmu = try BVH.read(contentsOf: url)
      cmu.motion = cmu.motion.frames(1..<cmu.motion.count)
      clips.append(cmu)
    }
    return clips
  }

  @Test("World positions agree", .enabled(if: !Reading.present.isEmpty), arguments: Reading.present)
  func worldPositionsAgree(reading: Reading) throws {
    for clip in try Self.probes() {
      try FormatTests.withFolder { folder in
        let file = folder.appending(path: "probe.\(reading.format.fileExtension)")
        try MotionFile.write(clip, to: file, as: reading.format)
        let (expected, unit) = try Self.expected(clip, reading.format, file)
        let frames = [0, expected.count / 2, expected.count - 1]
        let run = try #require(RealReader.run(reading.command + [file.path] + frames.map(String.init)))
        try #require(run.status == 0, "\(reading) is missing or refused \(clip.name)")
        let theirs = try JSONDecoder().decode(RealReader.Positions.self, from: run.output)
        let names = reading.format.name == "humanml3d" ? (0..<22).map(String.init) : clip.motion.skeleton.names
        #expect(Set(theirs.names) == Set(names) && theirs.frames.count == 3)
        var worst = 0.0
        for (slot, frame) in frames.enumerated() {
          for (name, there) in zip(theirs.names, theirs.frames[slot]) {
            let joint = try #require(names.firstIndex(of: name))
            worst = max(worst, (expected[frame][joint] / unit - SIMD3(there[0], there[1], there[2])).length)
          }
        }
        print("\(reading), \(clip.name): largest distance \(worst) file units")
        #expect(worst < 1e-3)
      }
    }
  }

  /// Where the joints should be [m], and metres in a unit of the file.
  private static func expected(
    _ clip: Clip, _ format: any MotionFileFormat, _ file: URL
  ) throws -> (positions: [[SIMD3<Double>]], unit: Double) {
    guard format.name == "humanml3d" else {
      return (clip.motion.jointPositions, format.traits.hasUnits ? clip.convention.metresPerUnit : 1)
    }
    // Recovered by us from the same numbers, and against the motion itself in its own suite.
    return (try HumanML3D.reading(contentsOf: file).clip.motion.jointPositions, 1)
  }

  @Test("Every reader is installed", .enabled(if: RealReader.isRequired)) func everyReaderIsInstalled() {
    for reading in Reading.all {
      #expect(RealReader.run(reading.probe)?.status == 0, "\(reading.reader) is missing: run tools/install --tests")
    }
  }
}
