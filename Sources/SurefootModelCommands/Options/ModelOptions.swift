import ArgumentParser
import Diffusion
import Foundation
import Tensors

/// A preset of a model's shape and training.
enum Preset: String, ExpressibleByArgument, CaseIterable {
  case tiny, quickstart, cpu, paper

  var configuration: ModelConfiguration {
    switch self {
    case .tiny: .tiny
    case .quickstart: .quickstart
    case .cpu: .cpu
    case .paper: .paper
    }
  }
}

/// The element type of products.
enum Precision: String, ExpressibleByArgument, CaseIterable {
  case float32, bfloat16

  var type: ElementType { self == .float32 ? .float32 : .bfloat16 }
}

/// Where tensors can be computed.
enum Accelerator: String, ExpressibleByArgument, CaseIterable {
  case cpu, cuda, mps

  var device: Device {
    switch self {
    case .cpu: .cpu
    case .cuda: .cuda
    case .mps: .mps
    }
  }
}

/// Where commands compute with tensors.
struct DeviceOptions: ParsableArguments {
  @Option(name: .long, help: "Where tensors are computed, with a libtorch made for it: cpu, cuda or mps.")
  var device = Accelerator.cpu

  /// To be called before any tensor is made.
  func apply() throws {
    guard device != .cpu else { return }
    guard device.device.isAvailable else {
      let there = Accelerator.allCases.filter(\.device.isAvailable).map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "libtorch \(Torch.version) finds no \(device.rawValue) here, only \(there); build with LIBTORCH naming one made "
          + "for it, or leave out --device")
    }
    try Torch.use(device.device)
  }
}

/// The threads of commands that compute with tensors.
struct ThreadOptions: ParsableArguments {
  @Option(name: .long, help: "Threads for products; all cores without.")
  var threads: Int?

  func apply() throws {
    guard let threads else { return }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads is \(threads), not 1 to 1024") }
    Torch.threads = threads
  }
}
