// swift-tools-version: 6.1
import PackageDescription

// A user's package: it depends on Surefoot by path and on the products that need no libtorch.
let package = Package(
  name: "client",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "surefoot", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "Client",
      dependencies: [
        .product(name: "Correctors", package: "surefoot"), .product(name: "Kinematics", package: "surefoot"),
        .product(name: "MotionFormats", package: "surefoot"),
      ])
  ]
)
