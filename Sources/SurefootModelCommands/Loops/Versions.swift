import ArgumentParser
import Foundation
import SurefootCommands
import Tensors

/// What a run was made with, for its report.
enum Versions {
  /// By name: the program, libtorch, the system, threads, device.
  static var all: [String: String] {
    [
      "surefoot": SurefootProgram.version, "libtorch": Torch.version,
      "system": ProcessInfo.processInfo.operatingSystemVersionString, "threads": String(Torch.threads),
      "device": Torch.device.name,
    ]
  }
}
