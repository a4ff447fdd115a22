import Foundation
import Kinematics
import Retargeting

/// How tall the person of a clip is, which tells whether its length unit was understood.
///
///     let stature = Stature(clip)
///     print(stature.metres ?? 0)           // 1.72; nil for a figure that is no biped
///
/// Readers warn of statures outside ``usual``.
public struct Stature: Sendable, Hashable {
  /// Statures of people that need no warning [m].
  public static let usual = 1.2...2.2

  /// The stature, by the length of the legs [m]; `nil` for a figure that is no biped.
  public let metres: Double?

  /// The stature of a clip's person.
  public init(_ clip: Clip) { metres = Self.metres(of: clip.motion.skeleton) }

  /// Of larger skeletons, none of which is a person, the joints are not looked for.
  private static func metres(of skeleton: Skeleton) -> Double? {
    guard skeleton.count <= 1000, let map = try? BipedMap.infer(from: skeleton) else { return nil }
    let height = map.estimatedHeight(of: skeleton)
    return height.isFinite ? height : nil
  }

  /// What a user should know of the size, with the unit that fits where the stature is not ``usual``.
  ///
  /// - Parameters:
  ///   - metresPerUnit: Metres in one of the file's units, as it was read.
  ///   - isEstimated: Whether the unit was estimated from the skeleton's size.
  func warnings(file: String, metresPerUnit: Double, isEstimated: Bool) -> [String] {
    guard let metres else { return [] }
    if Self.usual.contains(metres) {
      // A small figure in centimetres is as large as a person in inches.
      guard isEstimated, metresPerUnit == FileConvention.inch else { return [] }
      let small = Self.text(metres / FileConvention.inch * 0.01)
      return [
        "\(file): a stature of \(Self.text(metres)) if the unit is an inch, which is assumed; "
          + "if it is a centimetre (\(small)), give --input-units"
      ]
    }
    let unit = FileConvention.name(ofUnit: metresPerUnit)
    return [
      "\(file): a stature of \(Self.text(metres)) is unlikely; it is read in \(unit), "
        + "and \(Self.fitting(metres / metresPerUnit)) would fit: give --input-units"
    ]
  }

  /// The named unit that makes the figure a person, else the metres in a unit that make it 1.7 m tall.
  ///
  /// - Parameter units: The stature in the file's units.
  private static func fitting(_ units: Double) -> String {
    let fitting = FileConvention.units.filter { usual.contains(units * $0.metres) }
    if let best = fitting.min(by: { abs(log(units * $0.metres / 1.7)) < abs(log(units * $1.metres / 1.7)) }) {
      return "\(best.name) (\(text(units * best.metres)))"
    }
    return "a unit of \(String(format: "%.3g", 1.7 / units)) m (1.70 m)"
  }

  private static func text(_ metres: Double) -> String {
    metres < 0.1 || metres > 1000 ? String(format: "%.3g m", metres) : String(format: "%.2f m", metres)
  }
}
