// swift-tools-version: 6.1
import Correctors
import PackageDescription

let package = Package(
  name: "lift",
  platforms: [.macOS(.v14)],
  products: [
    .library(name: "Lift", targets: ["Lift"]),
    .executable(name: "lift-program", targets: ["LiftProgram"]),
  ],
  dependencies: [
    .package(name: "surefoot", path: "../..")
  ],
  targets: [
    .target(
      name: "Lift",
      dependencies: [
        .product(name: "Correction", package: "surefoot"), .product(name: "Dynamics", package: "surefoot"),
        .product(name: "Mocap", package: "surefoot"),
      ]),
    .executableTarget(
      name: "LiftProgram", dependencies: ["Lift", .product(name: "Correction", package: "surefoot")]),
    .testTarget(
      name: "LiftTests", dependencies: ["Lift", .product(name: "CorrectionTesting", package: "surefoot")]),
  ]
)
