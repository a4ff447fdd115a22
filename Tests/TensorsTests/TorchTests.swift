import CTorch
import Foundation
import Support
import Testing
@testable import Tensors

/// The library behind matrix products.
@Suite struct TorchTests {
  private static let instructions = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  private static let isChosenByHand = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil

  /// OpenBLAS takes Prescott's for every processor that is newer than itself.
  @Test(
    "Wide processors multiply by wide kernels",
    .enabled(if: instructions.contains(" avx2 ") && instructions.contains(" fma ") && !isChosenByHand))
  func wideProcessorsMultiplyByWideKernels() {
    #expect(Torch.blas != "OpenBLAS Prescott")
  }

  /// The variable is for OpenBLAS alone: programs that are started later choose for themselves.
  @Test("Choosing kernels leaves no trace", .enabled(if: !isChosenByHand)) func choosingKernelsLeavesNoTrace() {
    #expect(getenv("OPENBLAS_CORETYPE") == nil)
  }

  /// Rows of ones by columns that count: sums of 1 to 97 are exact in any order.
  @Test("Products are right", arguments: [1, 3, 16, 97]) func productsAreRight(rows: Int) {
    let left = Tensor([Float](repeating: 1, count: rows * 97), shape: [rows, 97])
    let right = Tensor((0..<97 * 5).map { Float($0 / 5 + 1) }, shape: [97, 5])
    #expect(left.matmul(right).floats == [Float](repeating: 97 * 98 / 2, count: rows * 5))
  }

  @Test(
    "Preparing is done once and a device that is not there is an error",
    .enabled(if: ProcessInfo.processInfo.environment["OMP_NUM_THREADS"] == nil))
  func preparingIsDoneOnceAndADeviceThatIsNotThereIsAnError() {
    Torch.prepare()
    #expect(Torch.threads >= 1)
    for device in Device.allCases where !device.isAvailable {
      #expect(throws: SurefootError.self) { try Torch.use(device) }
    }
    #expect(Torch.device == .cpu)
  }
}

/// What the shim refuses, instead of reading beyond an array.
@Suite struct ShimTests {
  init() { Torch.prepare() }

  @Test("Values must fill the shape") func valuesMustFillTheShape() {
    #expect(ct_from_float([1, 2, 3], 3, [2, 2], 2) == nil)
    #expect(String(cString: ct_error()).contains("3 values"))
    #expect(ct_from_int64([1], 1, [-1, -1], 2) == nil)
    #expect(ct_from_double([], 0, [1 << 40, 1 << 40], 2) == nil)
  }

  @Test("The optimizer checks its tensors") func theOptimizerChecksItsTensors() {
    let parameter = Tensor.ones(2, 3).requiringGradient()
    (parameter * 2).sum().backward()
    func step(_ first: Tensor, _ second: Tensor) -> Bool {
      ct_adamw([parameter.handle], [first.handle], [second.handle], 1, 0.1, 0.9, 0.99, 1e-8, 0, 1, 1)
    }
    let good = Tensor.zeros(2, 3)
    #expect(!step(good, Tensor.zeros(3)))
    #expect(!step(good.converted(to: .float64), good))
    #expect(!step(good, Tensor.zeros(3, 2).permuted(1, 0)))
    #expect(parameter.floats.allSatisfy { $0 == 1 } && parameter.gradient != nil, "nothing was changed")
    #expect(step(good, Tensor.zeros(2, 3)))
  }

  @Test("A shape of another rank is refused") func aShapeOfAnotherRankIsRefused() {
    var shape: [Int64] = [0]
    let tensor = Tensor.ones(2, 3)
    // A handle does not keep its tensor.
    withExtendedLifetime(tensor) {
      #expect(!ct_shape(tensor.handle, &shape, 1))
    }
  }
}
