import Foundation
import Randomness

/// What is done to samples of digits before a model learns from them.
enum DigitCorrection: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// The nearest of a digit's cluster means of real images replaces the sample: a corrector that is made of real data.
  case clusters
  /// A blur of 3 x 3 pixels: a corrector that knows how strokes look, smooth, but no digit.
  case smoother
}

/// Corrects samples in one of these ways.
struct DigitCorrector: Sendable {
  let correction: DigitCorrection
  /// The cluster means of each digit.
  private let centres: [[[Float]]]

  /// - Parameters:
  ///   - real: The real images that clusters are found in.
  ///   - clusters: The clusters of each digit.
  init(_ correction: DigitCorrection, real: DigitImages, clusters: Int, seed: UInt64) {
    self.correction = correction
    centres = (0...9).map { digit in
      let own = real.labels.indices.filter { real.labels[$0] == digit }.map { real.pixels[$0] }
      return Self.means(of: own, count: clusters, seed: Seed.derive(seed, "clusters", digit))
    }
  }

  /// The corrected images.
  func corrected(_ images: DigitImages) -> DigitImages {
    switch correction {
    case .none: return images
    case .clusters:
      var result = images
      for place in images.pixels.indices {
        let candidates = centres[images.labels[place]]
        let distances = candidates.map { Self.distance($0, images.pixels[place]) }
        if let best = distances.indices.min(by: { distances[$0] < distances[$1] }) {
          result.pixels[place] = candidates[best]
        }
      }
      return result
    case .smoother: return DigitImages(pixels: images.pixels.map(Self.blurred), labels: images.labels)
    }
  }

  /// Weights of 1, 2, 1 along rows and columns; paper lies around the image.
  private static func blurred(_ image: [Float]) -> [Float] {
    let side = DigitImages.side
    func at(_ values: [Float], _ y: Int, _ x: Int) -> Float {
      (0..<side).contains(y) && (0..<side).contains(x) ? values[side * y + x] : -1
    }
    let rows = (0..<side * side).map { place in
      let (y, x) = (place / side, place % side)
      return (at(image, y, x - 1) + 2 * at(image, y, x) + at(image, y, x + 1)) / 4
    }
    return (0..<side * side).map { place in
      let (y, x) = (place / side, place % side)
      return (at(rows, y - 1, x) + 2 * at(rows, y, x) + at(rows, y + 1, x)) / 4
    }
  }

  /// Lloyd's k-means from randomly chosen images.
  private static func means(of images: [[Float]], count: Int, seed: UInt64) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    var centres = Array(images.shuffled(using: &random).prefix(count))
    for _ in 0..<20 where !centres.isEmpty {
      var sums = centres.map { $0.map { _ in Float(0) } }
      var counts = centres.map { _ in 0 }
      for image in images {
        let distances = centres.map { distance($0, image) }
        guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }) else { continue }
        counts[nearest] += 1
        for pixel in image.indices { sums[nearest][pixel] += image[pixel] }
      }
      for centre in centres.indices where counts[centre] > 0 {
        centres[centre] = sums[centre].map { $0 / Float(counts[centre]) }
      }
    }
    return centres
  }

  private static func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
