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

/// What every target of ours is compiled with.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of the house: a library target with the house's settings. It may name only rooms below it.
func room(_ name: String, _ below: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: below, exclude: exclude, swiftSettings: house)
}

func tests(_ room: String, _ others: [Target.Dependency] = []) -> Target {
  .testTarget(name: "\(room)Tests", dependencies: [.init(stringLiteral: room)] + others, swiftSettings: house)
}

let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "surefoot",
  platforms: [.macOS(.v14)],
  products: [
    .executable(name: "surefoot", targets: ["surefoot"]),
    .library(name: "Mocap", targets: ["Mocap"]),
    .library(name: "Dynamics", targets: ["Dynamics"]),
    .library(name: "Correction", targets: ["Correction"]),
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
    .target(name: "CTorch", cxxSettings: torchHeaders, linkerSettings: torchLibraries),

    // The rooms, lowest first.
    room("Linear", ["CEigen"]),
    room("Tensors", ["CTorch"]),
    room("Theory", ["Linear"]),
    room("Mocap", ["Linear", yaml]),
    room("Dynamics", ["Mocap", "Linear", "COpenDynamics"]),
    room("Correction", ["Dynamics", "Mocap", "Linear"]),
    room("CorrectionTesting", ["Correction", "Dynamics", "Mocap"]),
    room("Diffusion", ["Tensors", "Mocap", "Linear"]),
    room("Evaluation", ["Dynamics", "Diffusion", "Tensors", "Mocap", "Linear"]),
    room("Generations", ["Evaluation", "Diffusion", "Correction", "Dynamics", "Mocap", "Linear", yaml, sqlite]),
    room("Rendering", ["Dynamics", "Mocap"]),
    room(
      "Reporting", ["Generations", "Evaluation", "Rendering", "Dynamics", "Mocap", yaml], exclude: ["Viewer/Assets"]),
    .executableTarget(
      name: "surefoot",
      dependencies: [
        "Reporting", "Rendering", "Generations", "Evaluation", "Diffusion", "Correction", "Dynamics", "Mocap",
        "Tensors", "Theory", "Linear", arguments, yaml,
      ],
      swiftSettings: house),

    tests("Linear"),
    tests("Theory", ["Linear"]),
    tests("Tensors"),
    tests("Mocap", ["Linear"]),
    tests("Dynamics", ["Mocap", "Linear"]),
    tests("Correction", ["Dynamics", "Mocap", "Linear", "CorrectionTesting"]),
    tests("Diffusion", ["Tensors", "Mocap", "Linear"]),
    tests("Evaluation", ["Dynamics", "Mocap", "Linear", "Tensors"]),
    tests("Generations", ["Evaluation", "Diffusion", "Correction", "Dynamics", "Mocap", "Linear", sqlite]),
    tests("Rendering", ["Dynamics", "Mocap"]),
    tests("Reporting", ["Generations", "Evaluation", "Rendering", "Dynamics", "Mocap"]),
    .testTarget(
      name: "CommandLineTests", dependencies: ["surefoot", "Mocap", "Linear"], exclude: ["Help"], swiftSettings: house),
  ],
  cxxLanguageStandard: torchRoot == nil ? .cxx17 : .cxx20
)
