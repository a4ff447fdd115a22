public import Foundation
import Randomness
public import Support

/// Images of handwritten digits, 8 x 8 pixels.
///
///     let images = try DigitImages(contentsOf: file)          // `digits.csv` of scikit-learn: 64 values and the digit
///     print(images.count, images.labels[0])
///
/// The set is Alpaydin and Kaynak's "Optical Recognition of Handwritten Digits" (1998), 1,797 images. ``drawn(_:seed:)``
/// draws others, for tests.
public struct DigitImages: Sendable, Hashable {
  /// The side of an image.
  public static let side = 8
  /// One image each, row by row; -1 is paper, 1 ink.
  public var pixels: [[Float]]
  /// The digit of each, 0...9.
  public var labels: [Int]

  /// The number of images.
  public var count: Int { labels.count }

  /// Images with a digit each.
  ///
  /// - Precondition: As many digits in 0...9 as images of 64 pixels.
  public init(pixels: [[Float]], labels: [Int]) {
    precondition(
      pixels.count == labels.count && labels.allSatisfy((0...9).contains)
        && pixels.allSatisfy { $0.count == Self.side * Self.side }, "images of 64 pixels with a digit each")
    self.pixels = pixels
    self.labels = labels
  }

  /// Reads a file of 64 values from 0 to 16 and the digit a line, separated by commas.
  ///
  /// - Throws: ``SurefootError`` with the line for what is none of this, and for a file with too few images of a digit.
  public init(contentsOf url: URL) throws(SurefootError) {
    let lines = String(decoding: try FileBytes.read(url), as: UTF8.self).split(whereSeparator: \.isNewline)
    var (pixels, labels): ([[Float]], [Int]) = ([], [])
    for (index, line) in lines.enumerated() {
      let values = line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      guard values.count == 65, let digit = values[64], (0...9).contains(digit), digit == digit.rounded() else {
        throw SurefootError(
          file: url.path, line: index + 1, column: 1, message: "is no image: 64 values and a digit from 0 to 9",
          suggestion: "give scikit-learn's digits.csv, or leave the option out to fetch it")
      }
      if let bad = values.prefix(64).firstIndex(where: { !(0...16).contains($0 ?? -1) }) {
        throw SurefootError(
          file: url.path, line: index + 1, column: 1, message: "value \(bad + 1) is not a number from 0 to 16",
          suggestion: "give scikit-learn's digits.csv, or leave the option out to fetch it")
      }
      pixels.append(values.prefix(64).map { Float(($0 ?? 0) / 8 - 1) })
      labels.append(Int(digit))
    }
    guard (0...9).allSatisfy({ digit in labels.count { $0 == digit } >= Self.fewest }) else {
      throw SurefootError(
        .notEnoughData, file: url.path, message: "holds fewer than \(Self.fewest) images of some digit",
        suggestion: "give scikit-learn's digits.csv, or leave the option out to fetch it")
    }
    self.init(pixels: pixels, labels: labels)
  }

  /// The fewest images of a digit that the experiment can be made with.
  public static let fewest = 20

  /// Images drawn from ten templates, shifted and smudged: like digits, for tests.
  public static func drawn(_ count: Int, seed: UInt64) -> DigitImages {
    var random = SeededGenerator(seed: Seed.derive(seed, "drawn digits"))
    var images = DigitImages(pixels: [], labels: [])
    for index in 0..<count {
      let digit = index % 10
      let (right, down) = (Int(3 * random.uniform()) - 1, Int(3 * random.uniform()) - 1)
      let strength = 0.8 + 0.4 * random.uniform()
      var image = [Float](repeating: -1, count: side * side)
      for row in 0..<5 {
        for column in 0..<3 where templates[digit][3 * row + column] == "#" {
          let (y, x) = (row + 1 + down, column + 2 + right)
          image[side * y + x] = Float(min(1, 2 * strength - 1))
        }
      }
      images.pixels.append(image.map { min(1, max(-1, $0 + Float(0.15 * random.normal()))) })
      images.labels.append(digit)
    }
    return images
  }

  private static let templates = [
    "####.##.##.####", ".#.##..#..#.###", "###..#####..###", "###..####..####", "#.##.####..#..#", "####..###..####",
    "####..####.####", "###..#.#..#..#.", "####.#####.####", "####.####..####",
  ].map { Array($0) }

  /// The images at some places.
  func selected(_ places: some Sequence<Int>) -> DigitImages {
    DigitImages(pixels: places.map { pixels[$0] }, labels: places.map { labels[$0] })
  }

  /// These images and others after them.
  func adding(_ others: DigitImages) -> DigitImages {
    DigitImages(pixels: pixels + others.pixels, labels: labels + others.labels)
  }
}
