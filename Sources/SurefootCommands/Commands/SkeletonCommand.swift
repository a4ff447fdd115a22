import ArgumentParser
import Foundation
import Kinematics
import MotionFormats
import Retargeting
import Support

/// What the program understands of a skeleton.
struct SkeletonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skeleton", abstract: "Show what is understood of a file's skeleton.",
    subcommands: [SkeletonShowCommand.self])
}

/// Prints the tree of joints with the canonical names beside.
struct SkeletonShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a file's joints, what they are, its units, height and facing.")

  @Argument(help: "A BVH, ASF, AMC or DeepMimic file.")
  var file: String

  @Option(help: "A joint map of your own.")
  var skeleton: String?

  @OptionGroup var output: OutputOptions

  /// What is printed with `--json`.
  struct Understanding: Encodable {
    var file: String
    var joints: [JointLine]
    var metresPerUnit: Double
    var up: String
    var isBiped: Bool
    var refusal: String?
    var map: String?
    var missing: [String]
    var facing: [Double]?
    var estimatedHeight: Double?
    var notes: [String]
  }

  /// A joint and what it is.
  struct JointLine: Encodable {
    var name: String
    var depth: Int
    var canonical: String?
    var offset: [Double]
  }

  func run() throws {
    let console = output.console
    let map = try skeleton.map { try JointMap.read(contentsOf: URL(fileURLWithPath: $0)) }
    let (body, convention, warnings) = try read(URL(fileURLWithPath: file))
    warnings.forEach(console.warn)
    let result = understand(body, convention, map)
    console.result(SkeletonShowCommand.text(of: result))
    try console.emit(result)
    if !result.isBiped { throw ExitCode.failure }
  }

  private func read(_ url: URL) throws -> (Skeleton, FileConvention, [String]) {
    switch url.pathExtension.lowercased() {
    case "asf":
      let acclaim = try ASF.read(contentsOf: url)
      return (acclaim.skeleton, FileConvention(metresPerUnit: acclaim.metresPerUnit), [])
    default:
      let reading = try MotionFile.reading(contentsOf: url)
      return (reading.clip.motion.skeleton, reading.clip.convention, reading.warnings)
    }
  }

  private func understand(_ body: Skeleton, _ convention: FileConvention, _ given: JointMap?) -> Understanding {
    var map: BipedMap?
    var refusal: String?
    do {
      map = try BipedMap.understanding(body, own: given)
    } catch {
      refusal = error.description
    }
    let canonical = Dictionary(uniqueKeysWithValues: (map?.joints ?? [:]).map { ($1, "\($0)") })
    var depths = [Int](repeating: 0, count: body.count)
    let lines = body.joints.enumerated().map { index, joint in
      depths[index] = joint.parent.map { depths[$0] + 1 } ?? 0
      return JointLine(
        name: joint.name, depth: depths[index], canonical: canonical[index],
        offset: [joint.offset.x, joint.offset.y, joint.offset.z])
    }
    return Understanding(
      file: file, joints: lines, metresPerUnit: convention.metresPerUnit, up: "\(convention.up)", isBiped: map != nil,
      refusal: refusal, map: map?.method.description, missing: map?.missing.map { "\($0)" } ?? [],
      facing: map.map { [$0.facing.x, $0.facing.y, $0.facing.z] }, estimatedHeight: map?.estimatedHeight(of: body),
      notes: map?.notes ?? [])
  }

  private static func text(of result: Understanding) -> String {
    // From a depth that no body has the number stands for the blanks: a tree of 4096 levels would be a square of them.
    let names = result.joints.map { joint in
      joint.depth <= 40 ? String(repeating: "  ", count: joint.depth) + joint.name : "(\(joint.depth)) " + joint.name
    }
    let width = names.map(\.count).max() ?? 0
    var lines = zip(names, result.joints).map { name, joint in
      joint.canonical.map { name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0 } ?? name
    }
    lines.append("")
    lines.append("joints: \(result.joints.count)")
    lines.append("units: \(Numbers.fixed(result.metresPerUnit + 0, digits: 6)) m, \(result.up.uppercased()) up")
    if let refusal = result.refusal { lines.append("not a biped: \(refusal)") }
    if let map = result.map { lines.append("identified by: \(map)") }
    if let height = result.estimatedHeight { lines.append("height: about \(Numbers.fixed(height + 0, digits: 2)) m") }
    if let facing = result.facing {
      lines.append("faces at rest: (\(facing.map { Numbers.fixed($0 + 0, digits: 2) }.joined(separator: ", ")))")
    }
    if result.isBiped {
      lines.append("missing: \(result.missing.isEmpty ? "none" : result.missing.joined(separator: ", "))")
    }
    return (lines + result.notes.map { "note: \($0)" }).joined(separator: "\n")
  }
}
