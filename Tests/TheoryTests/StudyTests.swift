import Charts
import Foundation
import Testing
@testable import Theory

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct StudyTests {
  static func small() -> [StudyResult] {
    var gaussian = GaussianStudy()
    gaussian.seeds = 1
    var collapse = CollapseStudy()
    collapse.draws = 100_000
    var density = KernelDensityStudy()
    density.runs = 1
    var contraction = ContractionStudy()
    contraction.runs = 2
    var modes = ModesStudy()
    (modes.generations, modes.count) = (1, 100)
    var sims = ExtrapolationStudy()
    var neon = NeonStudy()
    var experiment = PlaneExtrapolation()
    (experiment.hidden, experiment.baseSteps, experiment.auxiliarySteps) = (4, 4, 2)
    (experiment.batch, experiment.count, experiment.evaluationCount) = (8, 32, 32)
    (sims.experiment, neon.experiment, sims.seeds, neon.seeds) = (experiment, experiment, 1, 1)
    var digits = DigitsStudy()
    (digits.images, digits.lambdas, digits.generations, digits.hidden) = (.drawn(240, seed: 1), [1], 2, 8)
    (digits.initialSteps, digits.steps, digits.measured) = (20, 5, 40)
    let studies: [any Study] = [
      gaussian, collapse, CuratedStudy(), sims, neon, density, TemperatureStudy(), contraction, modes, digits,
    ]
    return studies.map { $0.run(seed: 1) }
  }

  @Test("Every study has tables a plot and JSON") func everyStudyHasTablesAPlotAndJSON() throws {
    let results = Self.small()
    #expect(results.map(\.name) == StudyCatalog.all.map { $0.name })
    for result in results {
      for table in result.tables {
        #expect(!table.rows.isEmpty && table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.title)")
      }
      let parser = XMLParser(data: Data(result.chart.svg.utf8))
      #expect(parser.parse(), "\(result.name): \(String(describing: parser.parserError))")
      #expect(!result.chart.series.isEmpty && !result.chart.svg.contains("nan"))
      let encoder = JSONEncoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      #expect(try encoder.encode(result).count > 200)
    }
  }

  @Test("No verdict of the exact studies is no") func noVerdictOfTheExactStudiesIsNo() {
    for result in [CuratedStudy().run(seed: 1), ContractionStudy().run(seed: 1)] {
      for table in result.tables { #expect(!table.rows.joined().contains(.text("NO")), "\(table.title)") }
    }
  }
}
