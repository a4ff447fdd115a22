// swift-tools-version: 6.1
import Foundation
import PackageDescription

// Debian and Ubuntu install libtorch in the compiler's own search path. Anywhere else (a wheel, a zip, a CUDA build,
// Homebrew) LIBTORCH names the folder that holds `include` and `lib`.
let environment = ProcessInfo.processInfo.environment
#if os(macOS)
  let homebrew = ["/opt/homebrew", "/usr/local"].first { FileManager.default.fileExists(atPath: "\($0)/opt/pytorch") }
  let torchRoot = environment["LIBTORCH"] ?? homebrew.map { "\($0)/opt/pytorch" }
#else
  let torchRoot = environment["LIBTORCH"]
#endif
let torchHeaders: [CXXSetting] = torchRoot.map { [.unsafeFlags(["-isystem", "\($0)/include"])] } ?? []
// Named by path: of two libtorches the linker would take the one in its own search path.
#if os(macOS)
  let sharedLibrary = "dylib"
#else
  let sharedLibrary = "so"
#endif
let torchLibraries: [LinkerSetting] =
  torchRoot.map { root in
    [
      .unsafeFlags(
        ["torch_cpu", "c10"].flatMap { ["-Xlinker", "\(root)/lib/lib\($0).\(sharedLibrary)"] }
          + ["-Xlinker", "-rpath", "-Xlinker", "\(root)/lib"])
    ]
  } ?? [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]

/// The settings that every Swift target is compiled with.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target. It may name only modules that stand above it in the list below.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func tests(_ module: String, _ others: [Target.Dependency] = []) -> Target {
  .testTarget(name: "\(module)Tests", dependencies: [.init(stringLiteral: module)] + others, swiftSettings: settings)
}

let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "surefoot",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "surefoot", targets: ["surefoot"]),
    .library(name: "Kinematics", targets: ["Kinematics"]),
    .library(name: "Retargeting", targets: ["Retargeting"]),
    .library(name: "MotionFormats", targets: ["MotionFormats"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "Dynamics", targets: ["Dynamics"]),
    .library(name: "Correctors", targets: ["Correctors"]),
    .library(name: "CorrectionTesting", targets: ["CorrectionTesting"]),
    .library(name: "Diffusion", targets: ["Diffusion"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "Generations", targets: ["Generations"]),
    .library(name: "Rendering", targets: ["Rendering"]),
    .library(name: "Reporting", targets: ["Reporting"]),
    .library(name: "Theory", targets: ["Theory"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // The shims: the only places that include a C or C++ header.
    .systemLibrary(
      name: "COpenDynamics", pkgConfig: "ode", providers: [.apt(["libode-dev"]), .brew(["ode"])]),
    .systemLibrary(
      name: "CEigenHeaders", pkgConfig: "eigen3", providers: [.apt(["libeigen3-dev"]), .brew(["eigen"])]),
    .target(
      name: "CEigen", dependencies: ["CEigenHeaders"],
      cxxSettings: [.define("NDEBUG", .when(configuration: .release))]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CTorch", cxxSettings: torchHeaders, linkerSettings: torchLibraries),

    // The modules, lowest first.
    module("Support"),
    module("Randomness"),
    module("Zlib", ["CZlib"]),
    module("Linear", ["CEigen"]),
    module("Tensors", ["Support", "CTorch"]),
    module("Theory", ["Randomness"]),
    module("Kinematics", ["Support"]),
    module("Retargeting", ["Kinematics", "Support", yaml]),
    module("MotionFormats", ["Retargeting", "Kinematics", "Support", "Zlib"]),
    module("Datasets", ["MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support"]),
    module("Dynamics", ["Kinematics", "Retargeting", "Linear", "Support", "CEigen", "COpenDynamics"]),
    module(
      "Correctors", ["Dynamics", "MotionFormats", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    module("CorrectionTesting", ["Correctors", "Dynamics", "Kinematics", "Randomness", "Support"]),
    module("Evaluation", ["Dynamics", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    module(
      "Generations",
      [
        "Evaluation", "Correctors", "Dynamics", "Datasets", "MotionFormats", "Retargeting", "Kinematics", "Linear",
        "Randomness", "Support", yaml, sqlite,
      ]),
    module("Rendering", ["Dynamics", "Retargeting", "Kinematics", "Support", "Zlib"]),
    module(
      "Reporting",
      [
        "Generations", "Evaluation", "Rendering", "Dynamics", "Datasets", "MotionFormats", "Retargeting", "Kinematics",
        "Support", yaml,
      ], exclude: ["Viewer/Assets"]),
    // What computes with tensors.
    module("Diffusion", ["Tensors", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    module("MotionEncoders", ["Evaluation", "Tensors", "Kinematics", "Linear", "Randomness", "Support"]),
    module(
      "GenerationParts",
      [
        "Generations", "MotionEncoders", "Evaluation", "Diffusion", "Tensors", "Correctors", "Datasets",
        "MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support",
      ]),
    .executableTarget(
      name: "surefoot",
      dependencies: [
        "GenerationParts", "Reporting", "Rendering", "Generations", "MotionEncoders", "Evaluation", "Diffusion",
        "Correctors", "Dynamics", "Datasets", "MotionFormats", "Retargeting", "Kinematics", "Tensors", "Theory",
        "Linear", "Randomness", "Support", arguments, yaml,
      ],
      swiftSettings: settings),

    tests("Linear"),
    tests("Theory", ["Randomness"]),
    tests("Tensors", ["Support"]),
    tests("MotionFormats", ["Datasets", "Retargeting", "Kinematics", "Randomness", "Support", "Zlib"]),
    tests("Dynamics", ["MotionFormats", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    tests(
      "Correctors",
      ["CorrectionTesting", "Dynamics", "MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support"]),
    tests("Diffusion", ["Tensors", "MotionFormats", "Datasets", "Retargeting", "Kinematics", "Randomness", "Support"]),
    tests(
      "Evaluation",
      ["MotionEncoders", "Dynamics", "Retargeting", "Kinematics", "Linear", "Randomness", "Tensors", "Support"]),
    tests(
      "Generations",
      [
        "GenerationParts", "MotionEncoders", "Evaluation", "Diffusion", "Correctors", "Dynamics", "Datasets",
        "MotionFormats", "Retargeting", "Kinematics", "Linear", "Randomness", "Support", sqlite,
      ]),
    tests("Rendering", ["Dynamics", "Retargeting", "Kinematics", "Support", "Zlib"]),
    tests(
      "Reporting",
      [
        "Generations", "Evaluation", "Rendering", "Dynamics", "Datasets", "MotionFormats", "Retargeting", "Kinematics",
        "Support",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["surefoot", "Datasets", "MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support"],
      exclude: ["Help"], swiftSettings: settings),
  ],
  cxxLanguageStandard: torchRoot == nil ? .cxx17 : .cxx20
)
