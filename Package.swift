// swift-tools-version: 6.1
import Foundation
import PackageDescription

// Debian and Ubuntu install libtorch in the compiler's own search path. Anywhere else `tools/install` writes a torch.pc:
// on macOS beside Homebrew's pytorch, elsewhere into the folder that LIBTORCH names, for PKG_CONFIG_PATH.
let torchConfiguration = (ProcessInfo.processInfo.environment["PKG_CONFIG_PATH"] ?? "").split(separator: ":")
  .map { "\($0)/torch.pc" }.first(where: FileManager.default.fileExists)
#if os(macOS)
  let usesTorchConfiguration = true
#else
  let usesTorchConfiguration = torchConfiguration != nil
#endif
// pkg-config's flags hold no run path. Programs need one; libraries, which other packages link, do without.
let torchRunPath: [LinkerSetting] =
  torchConfiguration.map { file in
    let lines = (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n") ?? []
    let folder = lines.first { $0.hasPrefix("libdir=") }?.dropFirst("libdir=".count)
    return folder.map { [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", String($0)])] } ?? []
  } ?? []

/// The settings that every Swift target is compiled with.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target. It may name only modules that stand above it in the list below.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ module: String, _ others: [Target.Dependency] = []) -> Target {
  .testTarget(name: "\(module)Tests", dependencies: [.init(stringLiteral: module)] + others, swiftSettings: settings)
}

let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "surefoot",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "surefoot", targets: ["surefoot"]),
    .executable(name: "surefoot-models", targets: ["surefoot-models"]),
    .library(name: "Kinematics", targets: ["Kinematics"]),
    .library(name: "Randomness", targets: ["Randomness"]),
    .library(name: "Retargeting", targets: ["Retargeting"]),
    .library(name: "MotionFormats", targets: ["MotionFormats"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "Dynamics", targets: ["Dynamics"]),
    .library(name: "Correctors", targets: ["Correctors"]),
    .library(name: "CorrectionTesting", targets: ["CorrectionTesting"]),
    .library(name: "Diffusion", targets: ["Diffusion"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "Generations", targets: ["Generations"]),
    .library(name: "GenerationParts", targets: ["GenerationParts"]),
    .library(name: "Rendering", targets: ["Rendering"]),
    .library(name: "Reporting", targets: ["Reporting"]),
    .library(name: "Support", targets: ["Support"]),
    .library(name: "Theory", targets: ["Theory", "Charts"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
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
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CTextFiles"),
    // The style sheets and the player of HTML pages, as constants.
    .target(name: "CPageAssets", exclude: ["Assets"]),
    .target(
      name: "CTorch", dependencies: usesTorchConfiguration ? ["CTorchLibraries"] : [],
      linkerSettings: usesTorchConfiguration ? [] : [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]),

    // The modules, lowest first.
    module("Support"),
    module("Execution", ["Support", yaml]),
    module("Randomness"),
    module("Zlib", ["CZlib"]),
    module("Linear", ["CEigen"]),
    module("Tensors", ["Support", "CTorch"]),
    module("TextEncoders", ["Tensors", "Support"]),
    module("Charts", ["Support"]),
    module("Theory", ["Charts", "Linear", "Randomness", "Support"]),
    module("Kinematics", ["Support"]),
    module("Retargeting", ["Kinematics", "Support", "CTextFiles", yaml]),
    module("MotionFormats", ["Retargeting", "Kinematics", "Support", "Zlib", yaml]),
    module("Datasets", ["MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support", "CTextFiles"]),
    module("Dynamics", ["Kinematics", "Retargeting", "Linear", "Support", "CEigen", "COpenDynamics"]),
    module(
      "Correctors", ["Dynamics", "MotionFormats", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    module("CorrectionTesting", ["Correctors", "Dynamics", "Kinematics", "Randomness", "Support"]),
    module("Evaluation", ["Dynamics", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    module(
      "Generations",
      [
        "Evaluation", "Correctors", "Dynamics", "Datasets", "MotionFormats", "Retargeting", "Kinematics", "Linear",
        "Randomness", "Support", yaml, "CSQLite",
      ]),
    module("Rendering", ["Dynamics", "Retargeting", "Kinematics", "Support", "Zlib"]),
    module(
      "Reporting",
      [
        "Generations", "Correctors", "Evaluation", "Rendering", "Dynamics", "Datasets", "MotionFormats", "Retargeting",
        "Kinematics",
        "Charts", "Support", "CPageAssets", yaml,
      ]),
    // What computes with tensors.
    module("Diffusion", ["Tensors", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    module("MotionEncoders", ["Evaluation", "Tensors", "Kinematics", "Linear", "Randomness", "Support"]),
    module(
      "GenerationParts",
      [
        "Generations", "MotionEncoders", "Evaluation", "Diffusion", "Tensors", "Correctors", "Datasets",
        "MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support",
      ]),
    // The commands, and the two programs: only `surefoot-models` links libtorch. `surefoot` starts it where it is needed.
    module(
      "SurefootCommands",
      [
        "Reporting", "Rendering", "Generations", "Correctors", "Dynamics", "Datasets", "MotionFormats", "Retargeting",
        "Kinematics", "Theory", "Linear", "Randomness", "Execution", "Support", arguments,
      ]),
    module(
      "SurefootModelCommands",
      [
        "SurefootCommands", "GenerationParts", "Reporting", "Generations", "MotionEncoders", "Evaluation", "Diffusion",
        "TextEncoders", "Correctors", "Dynamics", "Datasets", "MotionFormats", "Retargeting", "Kinematics", "Tensors",
        "Randomness", "Execution", "Support", arguments,
      ]),
    .executableTarget(name: "surefoot", dependencies: ["SurefootCommands"], swiftSettings: settings),
    .executableTarget(
      name: "surefoot-models", dependencies: ["SurefootModelCommands"], swiftSettings: settings,
      linkerSettings: torchRunPath),

    tests("Support"),
    tests("Execution", ["Support"]),
    tests("Linear", ["Randomness"]),
    tests("Charts"),
    tests("Theory", ["Charts", "Randomness", "Support"]),
    tests("Tensors", ["Support"]),
    .testTarget(
      name: "TextEncodersTests", dependencies: ["TextEncoders", "Support"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support"],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests("Kinematics", ["TestSupport", "MotionFormats", "Retargeting", "Randomness", "Support"]),
    tests("Retargeting", ["TestSupport", "MotionFormats", "Kinematics", "Randomness", "Support"]),
    tests("MotionFormats", ["Datasets", "Retargeting", "Kinematics", "Randomness", "Support", "Zlib"]),
    tests("Datasets", ["TestSupport", "MotionFormats", "Retargeting", "Kinematics", "Randomness", "Support"]),
    tests(
      "Dynamics", ["TestSupport", "MotionFormats", "Retargeting", "Kinematics", "Linear", "Randomness", "Support"]),
    tests(
      "Correctors",
      [
        "TestSupport", "CorrectionTesting", "Dynamics", "MotionFormats", "Retargeting", "Kinematics", "Randomness",
        "Support",
      ]),
    tests("Diffusion", ["Tensors", "MotionFormats", "Datasets", "Retargeting", "Kinematics", "Randomness", "Support"]),
    tests(
      "Evaluation",
      ["MotionEncoders", "Dynamics", "Retargeting", "Kinematics", "Linear", "Randomness", "Tensors", "Support"]),
    tests(
      "Generations",
      [
        "GenerationParts", "MotionEncoders", "Evaluation", "Diffusion", "CorrectionTesting", "Correctors", "Dynamics",
        "Datasets", "MotionFormats", "Retargeting", "Kinematics", "Linear", "Randomness", "Support", "CSQLite",
      ]),
    tests("Rendering", ["Dynamics", "Retargeting", "Kinematics", "Support", "Zlib"]),
    tests(
      "Reporting",
      [
        "Generations", "Correctors", "Evaluation", "Rendering", "Dynamics", "Datasets", "MotionFormats", "Retargeting",
        "Kinematics",
        "Charts", "Support",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "surefoot", "surefoot-models", "SurefootCommands", "Diffusion", "Tensors", "Correctors", "Dynamics", "Datasets",
        "MotionFormats", "Retargeting", "Kinematics", "Randomness", "Execution", "Support",
      ],
      exclude: ["Help"], swiftSettings: settings, linkerSettings: torchRunPath),
  ]
    + (usesTorchConfiguration
      ? [.systemLibrary(name: "CTorchLibraries", pkgConfig: "torch", providers: [.brew(["pytorch"])])] : []),
  // Newer libtorches than Debian's need C++20.
  cxxLanguageStandard: usesTorchConfiguration ? .cxx20 : .cxx17
)
