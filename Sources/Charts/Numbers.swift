import Foundation

/// Numbers as text for tables and charts, the same in every locale.
package enum Numbers {
  /// Three significant digits: `0.012`, `1.23`, `123`; a dash, or the sign of infinity, where there is no number.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : (value > 0 ? "∞" : "−∞") }
    let size = abs(value)
    if size == 0 { return "0" }
    if size >= 1e6 { return String(format: "%.2e", value) }
    if size >= 100 { return String(format: "%.0f", value) }
    if size >= 10 { return String(format: "%.1f", value) }
    if size >= 1 { return String(format: "%.2f", value) }
    return size >= 0.001 ? String(format: "%.3f", value) : String(format: "%.1e", value)
  }

  /// At most four significant digits, without trailing zeros: `0.25`, `1`, `1e+06`.
  package static func significant(_ value: Double) -> String { String(format: "%.4g", value) }

  /// A fixed number of digits after the point; `nan`, `inf` and `-inf` where there is no number.
  package static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    return String(format: "%.\(digits)f", value)
  }
}
