import Charts
import Randomness
import Support

/// The papers' image experiment on a core: digits, a small diffusion model, correctors with and without real data.
///
///     var study = DigitsStudy()
///     study.images = try DigitImages(contentsOf: file)
///     print(study.run(seed: 1).tables[0].rows)
///
/// Gillman et al. (2024), arXiv 2402.07087, correct samples of MNIST by the nearest cluster mean of real images of their
/// digit. Beside it stands a smoother: it makes samples plausible, as physics does with motion, and knows no data. Not
/// guaranteed: the paper's figures, which have other images, another network and no table.
public struct DigitsStudy: Study {
  /// The subcommand: `surefoot theory digits`.
  public static let name = "digits"
  /// The line of `surefoot theory list`.
  public static let summary =
    "Digits corrected by clusters of real ones, by a smoother, or not at all."

  /// The images; drawn ones unless they are set.
  public var images = DigitImages.drawn(1200, seed: 1)
  /// Real training images (n).
  public var real = 300
  /// Augmentation ratios.
  public var lambdas = [0.2, 0.5, 1, 1.5]
  /// Generations after generation 0.
  public var generations = 50
  /// The network's width, and the training steps of generation 0.
  public var (hidden, initialSteps) = (96, 3000)
  /// The training steps of each later generation.
  public var steps = 40
  /// The learning rate of later generations.
  public var learningRate: Float = 5e-4
  /// Clusters of each digit: as many images a cluster as the paper's 16 would leave too few of.
  public var clusters = 4
  /// Samples that are measured a generation.
  public var measured = 500

  /// The study in the size that the command runs.
  public init() {}

  /// The images' three parts: to learn from, to judge by, to measure against.
  private func parts(_ seed: UInt64) -> (real: DigitImages, judged: DigitImages, held: DigitImages) {
    var random = SeededGenerator(seed: Seed.derive(seed, "digits", "parts"))
    let places = Array(0..<images.count).shuffled(using: &random)
    let count = min(real, images.count / 4)
    let middle = count + (images.count - count) / 2
    return (
      images.selected(places[..<count]), images.selected(places[count..<middle]), images.selected(places[middle...])
    )
  }

  /// FID and accuracy of every arm, in a table and a plot.
  public func run(seed: UInt64) -> StudyResult {
    let (real, judged, held) = parts(seed)
    let judge = DigitClassifier(trainedOn: judged, steps: 1500, seed: seed)
    let reference = FeatureGaussian(judge.features(of: held))
    var model = DigitDiffusion(hidden: hidden, seed: Seed.derive(seed, "digits"))
    model.train(on: real, steps: initialSteps, seed: Seed.derive(seed, "digits", "generation 0"))
    let start = model
    let arms = [(DigitCorrection.none, 0.0)] + DigitCorrection.allCases.flatMap { c in lambdas.map { (c, $0) } }
    // Arms are independent of one another, and their figures of the number of threads.
    let runs = blockingConcurrentMap(arms) { correction, lambda in
      DigitsLoop(
        lambda: lambda, corrector: DigitCorrector(correction, real: real, clusters: clusters, seed: seed),
        generations: generations, steps: steps, learningRate: learningRate, measured: measured
      ).run(from: start, real: real, judge: judge, reference: reference, seed: Seed.derive(seed, "digits", "loop"))
    }
    let shown = Array(Set([0, generations / 5, generations / 2, generations])).sorted()
    var chart = LineChart(title: "Digits, FID", xLabel: "generation", yLabel: "FID on a classifier's features")
    var rows: [[StudyCell]] = []
    for ((correction, lambda), run) in zip(arms, runs) {
      let name = lambda == 0 ? "real images alone" : correction == .none ? "not corrected" : correction.rawValue
      let ratio: StudyCell = lambda == 0 ? "" : .number(lambda, digits: 1)
      rows.append(
        [.text(name), ratio] + shown.map { .number(run[$0].distance, digits: 2) }
          + [.number(100 * run[run.count - 1].accuracy, digits: 1)])
      if lambda == 0 || lambda == lambdas.last {
        chart.add(lambda == 0 ? name : "\(name), lambda \(Numbers.compact(lambda))", run.map(\.distance))
      }
    }
    let floor = FeatureGaussian(judge.features(of: real)).distance(to: reference)
    return StudyResult(
      name: Self.name, source: "Gillman et al. 2024, arXiv 2402.07087, on 8 x 8 digits",
      tables: [
        StudyTable(
          title: "FID of \(measured) samples; \(real.count) real images, which have \(Numbers.short(floor)) themselves",
          columns: ["learns from", "lambda"] + shown.map { "generation \($0)" } + ["read right at the end, %"],
          rows: rows)
      ], chart: chart,
      notes: [
        "clusters: the nearest of \(clusters) means of real images of the digit replaces a sample. smoother: a blur of 3 x 3 "
          + "pixels, which knows no data.",
        "The classifier behind FID reads \(Numbers.fixed(100 * judge.accuracy(on: held), digits: 1)) % of held-out real "
          + "images right; neither the models nor the clusters saw its images. One seed: run others before you believe a "
          + "difference.",
      ])
  }
}
