internal import COpenDynamics

/// The Open Dynamics Engine (ODE), which simulates rigid bodies. For `doctor` and bug reports.
public enum PhysicsLibrary {
  /// The version that Surefoot was compiled with, `0.16.2`.
  public static var version: String { dODE_VERSION }

  /// The features of the loaded library: `ODE_double_precision` and its extensions.
  public static var features: [String] {
    String(cString: dGetConfiguration()).split(separator: " ").map(String.init)
  }
}

/// ODE's library state: initialised once for the process, and once more for every thread that simulates.
///
/// ODE has no errors: it ends the process over a number that it cannot use (`dError` and `dDebug` never return, whatever
/// their handlers do). So nothing reaches it unchecked: ``BodyModel`` refuses bodies without inertia,
/// ``SimulationSettings`` are preconditions, and ``Simulation`` never steps a state or a target that is not finite.
enum OpenDynamics {
  /// Initialised on first use; ODE stays for the life of the process.
  private static let isInitialised: Bool = {
    open_dynamics_silence()
    return dInitODE2(0) != 0
  }()

  /// Prepares ODE for the calling thread; may be called again.
  static func prepareThread() {
    precondition(isInitialised, "ODE cannot be initialised")
    let isReady = dAllocateODEDataForThread(UInt32(bitPattern: dAllocateMaskAll.rawValue)) != 0
    precondition(isReady, "ODE has no memory for a thread's data")
  }

  /// Frees what ``prepareThread()`` allocated for the calling thread.
  static func releaseThread() { dCleanupODEAllDataForThread() }
}
