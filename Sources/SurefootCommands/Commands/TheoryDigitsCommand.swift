import ArgumentParser
import Foundation
import Support
import Theory

/// Runs the image experiment on digits that are fetched once.
struct TheoryDigitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: DigitsStudy.name, abstract: DigitsStudy.summary,
    discussion: """
      Some minutes on one core. The images travel in the PyPI package scikit-learn (about 10 MB), which is downloaded with pip
      if their file is not there.

      Example: surefoot theory digits --lambda 1 --generations 10 --plot digits.svg
      """)

  @Option(help: ArgumentHelp("The images: 64 values and the digit a line.", valueName: "file.csv"))
  var digits = "Data/digits.csv"

  @Option(
    help: ArgumentHelp("A wheel of scikit-learn that is at hand, instead of downloading it.", valueName: "file.whl"))
  var source: String?

  @Option(
    name: .customLong("lambda"), parsing: .upToNextOption,
    help: "Synthetic images : real images; several are several arms.")
  var lambdas = [0.2, 0.5, 1, 1.5]

  @Option(help: "Generations after generation 0.") var generations = 50
  @OptionGroup var options: StudyOptions

  func validate() throws {
    guard !lambdas.isEmpty, lambdas.allSatisfy({ $0 > 0 && $0 <= 100 }), Set(lambdas).count == lambdas.count else {
      throw ValidationError("--lambda takes different numbers, above 0 and up to 100")
    }
    guard (1...10_000).contains(generations) else {
      throw ValidationError("--generations is \(generations); give 1 to 10000")
    }
    if let source, !FileManager.default.fileExists(atPath: source) {
      throw ValidationError("--source \(source): there is no such file")
    }
  }

  func run() throws {
    let console = options.output.console
    let known = FileManager.default.fileExists(atPath: digits)
    let file = try DigitsFetch(file: URL(fileURLWithPath: digits)).run(wheel: source.map { URL(fileURLWithPath: $0) }) {
      console.note($0)
    }
    if !known { console.note(DigitsFetch.acknowledgement) }
    var study = DigitsStudy()
    study.images = try DigitImages(contentsOf: file)
    (study.lambdas, study.generations) = (lambdas, generations)
    try options.show(study)
  }
}
