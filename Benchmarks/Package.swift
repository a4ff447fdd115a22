// swift-tools-version: 6.1
import Correctors
import PackageDescription

// Measurements that no user builds: `python3 Benchmarks/compare.py` builds and runs them beside PyTorch.
let package = Package(
  name: "surefoot-benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [.package(name: "surefoot", path: "..")],
  targets: [
    .executableTarget(
      name: "model-benchmark",
      dependencies: [.product(name: "Diffusion", package: "surefoot"), .product(name: "Mocap", package: "surefoot")]),
    .executableTarget(
      name: "harm-benchmark",
      dependencies: [
        .product(name: "Correction", package: "surefoot"), .product(name: "Dynamics", package: "surefoot"),
        .product(name: "Evaluation", package: "surefoot"), .product(name: "Mocap", package: "surefoot"),
      ]),
    .executableTarget(
      name: "corrector-benchmark",
      dependencies: [
        .product(name: "Correction", package: "surefoot"), .product(name: "Dynamics", package: "surefoot"),
        .product(name: "Mocap", package: "surefoot"),
      ]),
  ]
)
