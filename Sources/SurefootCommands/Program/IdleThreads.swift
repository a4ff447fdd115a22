import Foundation

/// Makes OpenMP's idle threads sleep instead of spin: beside another busy process, spinning ones made a training step
/// five times slower. OpenMP reads the setting when its library loads, so it must be in the environment before that.
package enum IdleThreads {
  private static let variable = "OMP_WAIT_POLICY"

  /// Puts the setting into the environment of this process, unless the user did.
  ///
  /// - Returns: Whether it was absent.
  @discardableResult
  package static func setPolicy() -> Bool {
    guard getenv(variable) == nil else { return false }
    setenv(variable, "passive", 1)
    return true
  }

  /// Starts a program that has loaded OpenMP already once more, with the setting.
  package static func restartIfUnset() {
    guard setPolicy() else { return }
    #if os(Linux)
      ModelProgram.replaceThis(by: "/proc/self/exe")
    #endif
  }
}
