package import ArgumentParser
import Correctors
import Foundation
import Kinematics
package import MotionFormats
package import Retargeting
import Support

/// How a command writes motions: the same flags everywhere.
///
///     @OptionGroup var written: WrittenMotionOptions
///     let clip = try written.apply(to: clip, file: path, format: .glb)      // then write it
package struct WrittenMotionOptions: ParsableArguments, Sendable {
  @Option(name: .long, help: "The written length unit: \(LengthUnit.listed).")
  package var units: LengthUnit?

  @Option(name: .long, help: "The written up axis: y or z.")
  package var up: UpAxis?

  @Option(name: .long, help: "The written frame rate.")
  package var fps: Double?

  @Flag(name: .long, help: "Allow a frame rate that multiplies the frames by more than 100.")
  var allowLong = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Put the motion on another skeleton: `canonical`, or that of a BVH or ASF file. A joint map (.yaml) tells joints "
        + "that their names do not.", valueName: "skeleton"))
  package var skeleton: [String] = []

  @Option(name: .long, help: "The length unit of the skeleton's BVH file; estimated without.")
  package var skeletonUnits: LengthUnit?

  package init() {}

  package func validate() throws {
    if let fps, !(fps > 0 && fps <= 100_000) {
      throw ValidationError("a frame rate is above 0 and up to 100000, not \(fps)")
    }
    for kind in [maps, bodies] where kind.count > 1 {
      throw ValidationError("--skeleton takes one skeleton and one joint map, not both \(kind[0]) and \(kind[1])")
    }
    for body in bodies where body != "canonical" && !["bvh", "asf"].contains(Self.ending(body)) {
      throw ValidationError("--skeleton takes canonical, a BVH or ASF file, or a joint map (.yaml), not \(body)")
    }
  }

  private var maps: [String] { skeleton.filter { ["yaml", "yml"].contains(Self.ending($0)) } }
  private var bodies: [String] { skeleton.filter { !["yaml", "yml"].contains(Self.ending($0)) } }

  private static func ending(_ path: String) -> String { URL(fileURLWithPath: path).pathExtension.lowercased() }

  /// The joint map that `--skeleton` names.
  package func jointMap() throws -> JointMap? {
    try maps.first.map { try JointMap.read(contentsOf: URL(fileURLWithPath: $0)) }
  }

  /// The skeleton that `--skeleton` names, with its file's convention.
  private func body() throws -> (skeleton: Skeleton, convention: FileConvention)? {
    guard let path = bodies.first else { return nil }
    if path == "canonical" { return (.canonical, .centimetres) }
    let url = URL(fileURLWithPath: path)
    guard Self.ending(path) == "asf" else {
      return try BVH.readingSkeleton(contentsOf: url, metresPerUnit: skeletonUnits?.metres)
    }
    let actor = try ASF.read(contentsOf: url)
    return (actor.skeleton, FileConvention(metresPerUnit: actor.metresPerUnit))
  }

  /// The clip on the wanted skeleton, at the wanted rate, in the wanted units and axes; in those of the skeleton's file
  /// if one is given and nothing else is asked for; in those of the format where it leaves no choice.
  ///
  /// - Parameter file: Stands in errors.
  package func apply(to clip: Clip, file: String, format: any MotionFileFormat) throws -> Clip {
    var clip = clip
    if let body = try body() {
      clip.motion = try clip.motion.retargeted(to: body.skeleton, file: file, joints: try jointMap())
      clip.convention = body.convention
    }
    if let rate = fps ?? format.traits.frameRate {
      clip.motion = try clip.motion.resampled(to: rate, file: file, allowingLong: allowLong)
    }
    clip.convention.metresPerUnit = units?.metres ?? clip.convention.metresPerUnit
    clip.convention.up = format.traits.hasUpAxis ? up?.axis ?? clip.convention.up : .y
    return clip
  }

  /// Refuses a unit or axis that files of a format do not have.
  package func check(for format: any MotionFileFormat) throws {
    if units != nil, !format.traits.hasUnits {
      throw ValidationError("--units: a \(format.name) file is in metres always; leave it out")
    }
    if let fps, let rate = format.traits.frameRate, fps != rate {
      throw ValidationError("--fps: a \(format.name) file has \(rate) frames a second always; leave it out")
    }
    if up?.axis == .z, !format.traits.hasUpAxis {
      throw ValidationError("--up: a \(format.name) file has Y up always; leave it out")
    }
  }
}

/// How a motion is written, as a record that a later run compares: equal forms give equal bytes.
struct WrittenForm: Codable, Sendable, Hashable {
  /// The format's name.
  var format: String
  /// Metres in a unit of the file, if asked for.
  var metresPerUnit: Double?
  /// The file's up axis, if asked for.
  var up: String?
  /// Frames a second, if asked for.
  var fps: Double?
  /// The digests of skeleton files and joint maps by path.
  var skeletons: [String: String]
  /// Metres in a unit of the skeleton's file, if given.
  var skeletonMetresPerUnit: Double?
}

extension WrittenMotionOptions {
  /// What of these flags a written file depends on; `nil` if nothing but BVH as it comes is asked for, as records of
  /// runs without these flags have it.
  func form(_ format: any MotionFileFormat) throws -> WrittenForm? {
    guard isAnyAsked || format.name != "bvh" else { return nil }
    var digests: [String: String] = [:]
    for path in skeleton {
      digests[path] = path == "canonical" ? path : try SHA256.hexadecimal(ofFile: URL(fileURLWithPath: path))
    }
    return WrittenForm(
      format: format.name, metresPerUnit: units?.metres, up: up?.rawValue, fps: fps, skeletons: digests,
      skeletonMetresPerUnit: skeletonUnits?.metres)
  }

  /// Whether any of these flags is given.
  private var isAnyAsked: Bool {
    units != nil || up != nil || fps != nil || !skeleton.isEmpty || skeletonUnits != nil
  }
}

/// The format of written motions, for commands that write to a folder.
package struct MotionFormatOptions: ParsableArguments {
  private static let listed = MotionFormatRegistry.withMuJoCo.formats.map(\.name).joined(separator: ", ")

  @Option(
    name: .long, help: ArgumentHelp("The written format: \(listed).", valueName: "format"),
    transform: { word in
      guard let format = MotionFormatRegistry.withMuJoCo[word] else {
        throw ValidationError("there is no format \(word); use one of: \(listed)")
      }
      return format
    })
  package var format: (any MotionFileFormat)?

  package init() {}
}

extension MotionFormatRegistry {
  /// The format that a file named by the user is written in; `nil` for a name without an ending.
  ///
  /// - Throws: A `ValidationError` for an ending that no format writes: that is wrong use.
  func formatThatUserWrites(_ path: String) throws -> (any MotionFileFormat)? {
    do {
      return try formatToWrite(URL(fileURLWithPath: path))
    } catch {
      throw ValidationError(error.description)
    }
  }
}

/// A length unit by name or by its metres: `m`, `dm`, `cm`, `mm`, `ft`, `inch`, `cmu`, `0.056444`.
package struct LengthUnit: ExpressibleByArgument {
  /// What can be given, for help texts.
  package static let listed = "m, dm, cm, mm, ft, inch, cmu or the metres in a unit"

  /// Metres in one unit.
  package let metres: Double

  package init?(argument: String) {
    switch argument.lowercased() {
    case "m": metres = 1
    case "dm": metres = 0.1
    case "cm": metres = 0.01
    case "mm": metres = 0.001
    case "inch", "in": metres = 0.0254
    case "ft", "foot", "feet": metres = 0.3048
    case "cmu": metres = 0.0254 / 0.45
    default:
      guard let value = Double(argument), (1e-6...1e6).contains(value) else { return nil }
      metres = value
    }
  }
}

/// An up axis: `y` or `z`.
package enum UpAxis: String, ExpressibleByArgument, CaseIterable {
  case y, z

  var axis: Axis { self == .y ? .y : .z }
}
