import Foundation
import Randomness
import Support
import Testing
@testable import Theory

/// The image experiment in small.
@Suite struct DigitsTests {
  @Test("Equal Gaussians have no distance, shifted and scaled ones a known one") func distancesAreKnown() {
    var random = SeededGenerator(seed: 1)
    let points = (0..<400).map { _ in [random.normal(), 2 * random.normal()] }
    let own = FeatureGaussian(points)
    #expect(abs(own.distance(to: own)) < 1e-9)
    let shifted = FeatureGaussian(points.map { [$0[0] + 3, $0[1]] })
    #expect(abs(own.distance(to: shifted) - 9) < 1e-9)
    // Twice as wide: the roots' difference is the deviation, so the distance is the trace.
    let wide = FeatureGaussian(points.map { [2 * $0[0], 2 * $0[1]] })
    let mean = own.mean.reduce(0) { $0 + $1 * $1 }
    #expect(abs(own.distance(to: wide) - own.covariance[0] - own.covariance[3] - mean) < 1e-9)
  }

  @Test("After few steps the classifier reads unseen digits far better than chance") func theClassifierReads() {
    let judge = DigitClassifier(trainedOn: .drawn(200, seed: 1), steps: 150, seed: 1)
    #expect(judge.accuracy(on: .drawn(100, seed: 2)) > 0.4)
    #expect(judge.features(of: .drawn(3, seed: 3)).allSatisfy { $0.count == DigitClassifier.width })
  }

  @Test("Clusters give means of real images of the digit, the smoother knows none") func correctorsDoWhatTheySay() {
    let real = DigitImages.drawn(80, seed: 1)
    let one = DigitCorrector(.clusters, real: real, clusters: 1, seed: 1)
    let samples = DigitImages.drawn(20, seed: 5)
    let corrected = one.corrected(samples)
    for (pixels, label) in zip(corrected.pixels, corrected.labels) {
      let own = real.labels.indices.filter { real.labels[$0] == label }.map { real.pixels[$0] }
      for pixel in 0..<64 {
        let mean = own.reduce(0) { $0 + $1[pixel] } / Float(own.count)
        #expect(abs(pixels[pixel] - mean) < 1e-4)
      }
    }
    let smoother = DigitCorrector(.smoother, real: real, clusters: 1, seed: 1)
    var dot = DigitImages(pixels: [[Float](repeating: -1, count: 64)], labels: [0])
    dot.pixels[0][27] = 1
    let smooth = smoother.corrected(dot).pixels[0]
    #expect(abs(smooth[27] + 0.5) < 1e-6 && abs(smooth[26] + 0.75) < 1e-6 && abs(smooth[18] + 0.875) < 1e-6)
    #expect(smooth[0] == -1)
    #expect(DigitCorrector(.none, real: real, clusters: 1, seed: 1).corrected(samples) == samples)
  }

  @Test("Training brings samples nearer to real images") func trainingBringsSamplesNearer() {
    let images = DigitImages.drawn(100, seed: 1)
    func error(_ model: DigitDiffusion) -> Float {
      let samples = model.sample(Array(0...9), steps: 6, seed: 3)
      let means = (0...9).map { digit in
        let own = images.labels.indices.filter { images.labels[$0] == digit }.map { images.pixels[$0] }
        return (0..<64).map { pixel in own.reduce(0) { $0 + $1[pixel] } / Float(own.count) }
      }
      return zip(samples.pixels, means).reduce(0) { sum, pair in
        sum + zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
    }
    var model = DigitDiffusion(hidden: 32, seed: 1)
    let before = error(model)
    model.train(on: images, steps: 150, batch: 32, seed: 2)
    #expect(error(model) < 0.7 * before)
  }

  @Test("The same seed gives the same result") func theSameSeedGivesTheSame() {
    var study = DigitsStudy()
    (study.images, study.lambdas, study.generations, study.hidden) = (.drawn(240, seed: 1), [1], 1, 8)
    (study.initialSteps, study.steps, study.measured) = (5, 2, 20)
    #expect(study.run(seed: 4) == study.run(seed: 4))
    #expect(study.run(seed: 4) != study.run(seed: 5))
    // The baseline, and three correctors at one lambda.
    #expect(study.run(seed: 4).tables[0].rows.count == 4)
  }

  @Test(
    "A file that holds no digits is refused with its line",
    arguments: [
      ("1,2,3\n", 1, "is no image"), (String(repeating: "0,", count: 64) + "11\n", 1, "is no image"),
      (String(repeating: "17,", count: 64) + "3\n", 1, "value 1 is not"),
      (String(repeating: "nan,", count: 64) + "3\n", 1, "value 1 is not"),
      (String(repeating: "0,", count: 64) + "3\n", nil, "fewer than"), ("", nil, "fewer than"),
    ])
  func aFileWithoutDigitsIsRefused(text: String, line: Int?, message: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("digits-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try AtomicFile.write(text, to: file)
    let error = #expect(throws: SurefootError.self) { try DigitImages(contentsOf: file) }
    #expect(error?.line == line && error?.message.contains(message) == true)
  }
}
