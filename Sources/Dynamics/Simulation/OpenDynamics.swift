internal import COpenDynamics

/// ODE's library state: set up once a process, and once more for every thread that simulates.
enum OpenDynamics {
  /// Initialised on first use; ODE stays for the life of the process.
  private static let library: Bool = {
    open_dynamics_silence()
    return dInitODE2(0) != 0
  }()

  /// Readies ODE for the calling thread; may be called again.
  static func prepareThread() {
    guard library else { return }
    _ = dAllocateODEDataForThread(UInt32(bitPattern: dAllocateMaskAll.rawValue))
  }

  /// Frees what ``prepareThread()`` allocated for the calling thread.
  static func releaseThread() { dCleanupODEAllDataForThread() }
}
