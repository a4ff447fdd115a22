import Foundation

/// Numbers as text, the same in every locale.
enum Format {
  static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    return String(format: "%.\(digits)f", value)
  }

  /// At most four significant digits, without trailing zeros.
  static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}
