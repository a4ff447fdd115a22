import Foundation
import Kinematics
import MotionFormats
import Randomness
import Support
import Testing

/// Every command of the README and of `docs/` is run as it stands there, on small data.
@Suite(.serialized) struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "surefoot")

  /// What is not run, and why.
  private static let notRun: [(beginning: String, reason: String)] = [
    ("tools/quickstart", "fetches, builds in release and trains: minutes"), ("tools/test", "runs this test"),
    ("tools/install", "installs"), ("swift test --package-path", "builds a package: minutes"),
    ("swift build", "builds what is running"), ("pip install", "needs a network"),
    ("surefoot data fetch text-encoder", "needs a network"), ("surefoot sample -o circle", "needs the text encoder"),
    ("surefoot train Data/sets/mine -o worded.safetensors", "needs the text encoder"),
    ("python3 tools/blender-", "needs Blender: tools/checks/blender runs the export"),
  ]

  /// What makes a specification of hours one of seconds.
  private static let hasty =
    "--set generations=1 --set arms=[raw,kinematic] --set data.windows=4 --set model.preset=tiny "
    + "--set model.initial-steps=4 --set model.steps=2 --set sampling.steps=3 --set evaluation.samples=6 "
    + "--set evaluation.keep=1 --set evaluation.resamples=2 --set evaluation.encoder-steps=2 "
    // The few clips here are all learnt from.
    + "--set evaluation.windows=subjects"

  /// What a document takes for granted.
  private static let before = [
    "docs/loops.md": ["surefoot data prepare my-clips -o Data/sets/mine --fps 20 --mirror"]
  ]

  /// Minutes made seconds: the same command on less.
  private static let smaller: [(written: String, run: String)] = [
    ("--preset cpu --minutes 45", "--preset tiny --steps 2 --batch 4"), ("--count 8", "--count 2 --steps 3"),
    ("--count 1", "--count 1 --steps 3"),
    ("mine --count 2", "mine --count 2 --steps 3"),
    ("--set lambda=1", "--set lambda=1 \(hasty)"), ("--set lambda=8", "--set lambda=8 \(hasty)"),
    ("--set generations=2", "--set generations=1 --set arms=[corrected]"),
    ("--set generations=30", "--set generations=2"),
    (
      "--preset quickstart",
      "--preset tiny --set generations=1 --set data.windows=4 --set evaluation.samples=6 --set evaluation.keep=1 "
        + "--set evaluation.resamples=2"
    ), ("surefoot evaluate samples", "surefoot evaluate samples --resamples 2"),
    ("Examples/", root.appending(path: "Examples").path + "/"),
    ("docs/specifications", root.appending(path: "docs/specifications").path),
    ("new corrector Lift", "new corrector Lift --surefoot \(root.path)"),
    (".build/release/surefoot", program.path), ("tools/", root.appending(path: "tools").path + "/"),
  ]

  @Test("Every command runs", arguments: ["README.md", "docs/formats.md", "docs/loops.md"]) func everyCommandRuns(
    document: String
  ) throws {
    let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
    let commands = Self.commands(of: text)
    #expect(commands.count >= 5)
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-docs-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.makeData(in: folder)
    // What another program, or an earlier command of another document, would have made.
    for made in ["clip.glb"] { _ = try Self.run(["surefoot", "convert", "clip.bvh", "-o", made], in: folder) }
    var ran = 0
    for command in (Self.before[document] ?? []) + commands {
      if Self.notRun.contains(where: { command.hasPrefix($0.beginning) }) { continue }
      var small = command
      for (written, run) in Self.smaller { small = small.replacing(written, with: run) }
      let (status, errors) = try Self.run(Self.words(of: small), in: folder)
      #expect(status == 0, "\(document): \(command)\n\(errors)")
      ran += 1
    }
    #expect(ran > commands.count / 2, "more is left out than run")
  }

  @Test("Every file that is linked is there") func everyFileThatIsLinkedIsThere() throws {
    for document in ["README.md", "CONTRIBUTING.md", "docs/formats.md", "docs/loops.md", "docs/results/use.md"] {
      let url = Self.root.appending(path: document)
      let text = try String(contentsOf: url, encoding: .utf8)
      for match in text.matches(of: /\]\(([^)#]+)\)/) where !match.1.contains("://") {
        let target = url.deletingLastPathComponent().appending(path: String(match.1))
        #expect(FileManager.default.fileExists(atPath: target.path), "\(document) links to \(match.1)")
      }
      for match in text.matches(of: /`(tools\/[a-z_.\/-]+)/) {
        #expect(FileManager.default.fileExists(atPath: Self.root.appending(path: String(match.1)).path), "\(match.1)")
      }
    }
  }

  /// Pages name only public types that exist.
  @Test("Every type of the pages is there") func everyTypeOfThePagesIsThere() throws {
    let sources = Self.root.appending(path: "Sources")
    var pages = 0
    for module in try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted() {
      let catalog = sources.appending(path: "\(module)/\(module).docc")
      guard let files = try? FileManager.default.contentsOfDirectory(atPath: catalog.path) else { continue }
      var code = ""
      let walk = FileManager.default.enumerator(at: sources.appending(path: module), includingPropertiesForKeys: nil)
      while let url = walk?.nextObject() as? URL {
        if url.pathExtension == "swift" { code += try String(contentsOf: url, encoding: .utf8) }
      }
      #expect(files.contains("\(module).md"))
      for file in files where file.hasSuffix(".md") {
        pages += 1
        let text = try String(contentsOf: catalog.appending(path: file), encoding: .utf8)
        for match in text.matches(of: /``([A-Z]\w+)/) where String(match.1) != module || file != "\(module).md" {
          let type = try Regex("public (final )?(struct|enum|class|protocol|actor|typealias) \(match.1)\\b")
          #expect(code.contains(type), "\(file) of \(module) names \(match.1)")
        }
        for match in text.matches(of: /<doc:(\w+)>/) { #expect(files.contains("\(match.1).md"), "\(file)") }
      }
    }
    #expect(pages >= 15)
  }

  // MARK: Commands

  /// The lines of all shell blocks, without comments.
  private static func commands(of text: String) -> [String] {
    var commands: [String] = []
    var inBlock = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        inBlock = line == "```sh"
      } else if inBlock {
        let command = line.split(separator: " #", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let trimmed = command.trimmingCharacters(in: .whitespaces)
        if !trimmed.isEmpty, !trimmed.hasPrefix("#") { commands.append(trimmed) }
      }
    }
    return commands
  }

  /// Words as a shell parts them; double quotes hold blanks.
  private static func words(of command: String) -> [String] {
    var words: [String] = []
    for (index, part) in command.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
      if index.isMultiple(of: 2) {
        words += part.split(separator: " ").map(String.init)
      } else {
        words.append(String(part))
      }
    }
    return words
  }

  private static func run(_ words: [String], in folder: URL) throws -> (status: Int32, errors: String) {
    let isOurs = words[0] == "surefoot"
    return try RealShell.run(
      isOurs ? program : URL(fileURLWithPath: "/usr/bin/env"), isOurs ? Array(words.dropFirst()) : words, in: folder)
  }

  // MARK: Data

  /// `clip.bvh`, `my-clips/` of two people, `my-character.bvh`, half as tall, and what a sample can be asked to do.
  private static func makeData(in folder: URL) throws {
    try BVH.write(walk(seed: 0, frames: 30), to: folder.appending(path: "clip.bvh"))
    for (seed, name) in [(11, "a.bvh"), (12, "b.bvh")] {
      try BVH.write(walk(seed: UInt64(seed), frames: 20), to: folder.appending(path: name))
    }
    try AtomicFile.write(
      "seconds,joint,x,y,z\n0.5,LeftHand,0.4,1.3,0.6\n", to: folder.appending(path: "hands.csv"))
    try AtomicFile.write("seconds,x,z\n0,0,0\n1.5,0.5,1.6\n", to: folder.appending(path: "path.csv"))
    var table = "path\tsubject\taction\n"
    for seed in 1...6 {
      let clip = walk(seed: UInt64(seed), frames: 120)
      try BVH.write(clip, to: folder.appending(path: "my-clips/\(clip.name).bvh"))
      table += "\(clip.name).bvh\tactor\(seed % 2)\twalk\n"
    }
    try AtomicFile.write(table, to: folder.appending(path: "my-clips/manifest.tsv"))
    let joints = Skeleton.canonical.joints.map { joint in
      Joint(
        name: "char:\(joint.name)", parent: joint.parent, offset: joint.offset * 0.6, channels: joint.channels,
        endSite: joint.endSite.map { $0 * 0.6 })
    }
    let character = Motion(
      skeleton: Skeleton(joints: joints), frameTime: 1, poses: [Pose(resting: Skeleton(joints: joints))])
    try BVH.write(
      Clip(name: "c", motion: character, provenance: Provenance(source: "made")),
      to: folder.appending(path: "my-character.bvh"))
  }

  /// Someone who walks at 20 frames a second with the lower foot on the floor.
  private static func walk(seed: UInt64, frames: Int) -> Clip {
    var random = SeededGenerator(seed: seed)
    let (stride, beat) = (0.3 + 0.1 * random.uniform(), 5 + random.uniform())
    let poses = (0..<frames).map { frame -> Pose in
      let phase = Double(frame) / 20 * beat
      var pose = Pose(resting: .canonical, rootPosition: SIMD3(0, 0, 0.04 * Double(frame)))
      for (hip, knee, shift) in [
        (CanonicalJoint.leftHip, CanonicalJoint.leftKnee, 0), (.rightHip, .rightKnee, Double.pi),
      ] {
        pose.rotations[hip.rawValue] = Quaternion(angle: -stride * sin(phase + shift), axis: .unitX)
        pose.rotations[knee.rawValue] = Quaternion(angle: 0.5 * max(0, cos(phase + shift)), axis: .unitX)
      }
      pose.rotations[CanonicalJoint.leftShoulder.rawValue] = Quaternion(angle: -1.2, axis: .unitZ)
      pose.rotations[CanonicalJoint.rightShoulder.rawValue] = Quaternion(angle: 1.3, axis: .unitZ)
      let here = Skeleton.canonical.frames(of: pose)
      let tips = Skeleton.canonical.joints.enumerated().map { index, joint in
        (here.positions[index] + here.rotations[index].act(joint.endSite ?? .zero)).y
      }
      pose.rootPosition.y -= tips.min() ?? 0
      return pose
    }
    return Clip(
      name: "walk\(seed)", motion: Motion(skeleton: .canonical, frameTime: 0.05, poses: poses),
      provenance: Provenance(source: "made"))
  }
}
