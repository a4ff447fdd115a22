/// The augmentation ratio lambda over the generations: one number for all, or a list whose last value holds
/// for all later generations.
///
///     specification.lambda = 4
///     specification.lambda = [0.5, 1, 2, 4]
public struct LambdaSchedule: Sendable, Hashable, Codable {
  /// Generation 1's ratio, generation 2's, and so on; later ones take the last. Never empty.
  public let ratios: [Double]

  /// A schedule from a list; literals do the same.
  ///
  /// - Precondition: `ratios` is not empty.
  public init(_ ratios: [Double]) {
    precondition(!ratios.isEmpty, "a schedule has at least one ratio")
    self.ratios = ratios
  }

  /// The ratio of a generation, which counts from 1.
  public subscript(generation: Int) -> Double { ratios[min(max(generation, 1), ratios.count) - 1] }

  /// Whether no generation draws anything.
  var isZero: Bool { ratios.allSatisfy { $0 == 0 } }
}

extension LambdaSchedule: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// One ratio for all generations.
  public init(floatLiteral value: Double) { self.init([value]) }
  /// One ratio for all generations.
  public init(integerLiteral value: Int) { self.init([Double(value)]) }
  /// One ratio for each generation.
  public init(arrayLiteral elements: Double...) { self.init(elements) }
}
