internal import COpenDynamics

/// ODE, which simulates rigid bodies.
public enum PhysicsLibrary {
  /// The version whose headers were compiled against, `0.16.2`.
  public static var version: String { dODE_VERSION }

  /// What the library that was loaded says of itself: `ODE_double_precision` and its extensions.
  public static var features: [String] {
    String(cString: dGetConfiguration()).split(separator: " ").map(String.init)
  }
}
