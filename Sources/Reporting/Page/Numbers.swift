public import Evaluation
import Foundation

/// How figures are printed: three significant digits.
public enum Numbers {
  /// `0.0123`, `1.23`, `123`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : (value > 0 ? "∞" : "−∞") }
    let size = abs(value)
    if size == 0 { return "0" }
    if size >= 1e6 { return String(format: "%.2e", value) }
    if size >= 100 { return String(format: "%.0f", value) }
    if size >= 10 { return String(format: "%.1f", value) }
    if size >= 1 { return String(format: "%.2f", value) }
    return size >= 0.001 ? String(format: "%.3f", value) : String(format: "%.1e", value)
  }
}
