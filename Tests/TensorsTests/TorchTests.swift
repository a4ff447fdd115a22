import Foundation
import Testing
@testable import Tensors

/// The library behind matrix products.
@Suite struct TorchTests {
  private static let instructions = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  private static let isChosenByHand = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil

  /// OpenBLAS takes Prescott's for every processor that is newer than itself.
  @Test(.enabled(if: instructions.contains(" avx2 ") && instructions.contains(" fma ") && !isChosenByHand))
  func wideProcessorsMultiplyByWideKernels() {
    #expect(Torch.blas != "OpenBLAS Prescott")
  }

  /// The variable is for OpenBLAS alone: programs that are started later choose for themselves.
  @Test(.enabled(if: !isChosenByHand)) func choosingKernelsLeavesNoTrace() {
    #expect(getenv("OPENBLAS_CORETYPE") == nil)
  }

  /// Rows of ones by columns that count: sums of 1 to 97 are exact in any order.
  @Test(arguments: [1, 3, 16, 97]) func productsAreRight(rows: Int) {
    let left = Tensor([Float](repeating: 1, count: rows * 97), shape: [rows, 97])
    let right = Tensor((0..<97 * 5).map { Float($0 / 5 + 1) }, shape: [97, 5])
    #expect(left.matmul(right).floats == [Float](repeating: 97 * 98 / 2, count: rows * 5))
  }
}
