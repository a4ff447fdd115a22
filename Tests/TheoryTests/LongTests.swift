import Foundation

/// Whether the full-size checks run: set SUREFOOT_LONG_TESTS=1, and build for release.
let runsLongTests = ProcessInfo.processInfo.environment["SUREFOOT_LONG_TESTS"] == "1"

/// The standard error of the difference between our mean and a reference of as many runs of like spread.
func differenceError(_ ours: Double, _ reference: Double) -> Double {
  (ours * ours + reference * reference).squareRoot()
}
