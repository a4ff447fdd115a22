import Foundation

/// The inner loops of ``DenseNetwork``, over raw buffers so that they vectorise.
///
/// Theory does not use the package's tensor library, which has layers and Adam too: a study then needs no libtorch, starts
/// at once, and gives figures that depend on no library's version. The price is this second implementation.
enum Kernels {
  typealias Numbers = UnsafeBufferPointer<Float>
  typealias Results = UnsafeMutableBufferPointer<Float>

  static func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

  /// y = x W + b, for rows of x.
  static func multiply(
    _ x: Numbers, _ p: Numbers, weights: Int, bias: Int, into y: Results, rows: Int, n: Int, m: Int
  ) {
    for row in 0..<rows {
      for j in 0..<m { y[row &* m &+ j] = p[bias &+ j] }
      for i in 0..<n {
        let value = x[row &* n &+ i]
        let line = weights &+ i &* m
        for j in 0..<m { y[row &* m &+ j] += value * p[line &+ j] }
      }
    }
  }

  /// The gradients of W and b: x^T g and the column sums of g.
  static func accumulate(
    _ x: Numbers, _ g: Numbers, weights: Int, bias: Int, into d: Results, rows: Int, n: Int, m: Int
  ) {
    for row in 0..<rows {
      for j in 0..<m { d[bias &+ j] += g[row &* m &+ j] }
      for i in 0..<n {
        let value = x[row &* n &+ i]
        let line = weights &+ i &* m
        for j in 0..<m { d[line &+ j] += value * g[row &* m &+ j] }
      }
    }
  }

  /// b = g W^T, for rows of g. The rows are walked by outputs, so that the inner loop adds to many sums at once.
  static func multiplyTransposed(
    _ g: Numbers, _ p: Numbers, weights: Int, into b: Results, rows: Int, n: Int, m: Int
  ) {
    var transposed = [Float](repeating: 0, count: n * m)
    for i in 0..<n { for j in 0..<m { transposed[j * n + i] = p[weights + i * m + j] } }
    transposed.withUnsafeBufferPointer { t in
      for row in 0..<rows {
        for j in 0..<m {
          let value = g[row &* m &+ j]
          for i in 0..<n { b[row &* n &+ i] += value * t[j &* n &+ i] }
        }
      }
    }
  }
}
