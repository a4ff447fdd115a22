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
