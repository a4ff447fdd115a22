// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "lift",
  platforms: [.macOS(.v15)],
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
        .product(name: "Correctors", package: "surefoot"), .product(name: "Dynamics", package: "surefoot"),
        .product(name: "Kinematics", package: "surefoot"),
      ]),
    .executableTarget(
      name: "LiftProgram", dependencies: ["Lift", .product(name: "Correctors", package: "surefoot")]),
    .testTarget(
      name: "LiftTests", dependencies: ["Lift", .product(name: "CorrectionTesting", package: "surefoot")]),
  ]
)
