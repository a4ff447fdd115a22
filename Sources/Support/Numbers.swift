import Foundation

/// Numbers as text, the same in every locale.
package enum Numbers {
  /// Three significant digits, for tables and reports: `0.0123`, `1.23`, `123`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : (value > 0 ? "∞" : "−∞") }
    let size = abs(value)
    if size == 0 { return "0" }
    if size >= 1e6 { return String(format: "%.2e", value) }
    if size >= 100 { return fixed(value, digits: 0) }
    if size >= 10 { return fixed(value, digits: 1) }
    if size >= 1 { return fixed(value, digits: 2) }
    return size >= 0.001 ? fixed(value, digits: 3) : String(format: "%.1e", value)
  }

  /// At most four significant digits, without trailing zeros: `0.25`, `12`, `1.235e+04`.
  package static func compact(_ value: Double) -> String { String(format: "%.4g", value) }

  /// A number of digits after the point; `nan`, `inf` or `-inf` if the value is not finite.
  package static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    return String(format: "%.\(digits)f", value)
  }

  /// A loss for a progress line: three digits after the point below 10, one from there on.
  package static func loss(_ value: Double) -> String { fixed(value, digits: abs(value) < 10 ? 3 : 1) }
}
