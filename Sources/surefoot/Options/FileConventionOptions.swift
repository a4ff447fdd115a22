import ArgumentParser
import Kinematics

/// A length unit by name or by its metres: `m`, `cm`, `mm`, `inch`, `cmu`, `0.056444`.
struct LengthUnit: ExpressibleByArgument {
  /// Metres in one unit.
  let metres: Double

  init?(argument: String) {
    switch argument.lowercased() {
    case "m": metres = 1
    case "cm": metres = 0.01
    case "mm": metres = 0.001
    case "inch", "in": metres = 0.0254
    case "cmu": metres = 0.0254 / 0.45
    default:
      guard let value = Double(argument), (1e-6...1e6).contains(value) else { return nil }
      metres = value
    }
  }
}

/// An up axis: `y` or `z`.
enum UpAxis: String, ExpressibleByArgument, CaseIterable {
  case y, z

  var axis: Axis { self == .y ? .y : .z }
}
