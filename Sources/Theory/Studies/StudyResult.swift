public import Charts
import Support

/// The result of a study: tables to print, curves to plot, and notes on what the figures mean.
///
///     let result = GaussianStudy().run(seed: 1)
///     for table in result.tables { print(table.title, table.columns, table.rows) }
///     let svg = result.chart.svg
///     let json = try JSONEncoder().encode(result)
///
/// Not guaranteed: finite numbers; encode with a strategy for infinities.
public struct StudyResult: Sendable, Hashable, Encodable {
  /// The study's name on the command line.
  public let name: String
  /// The papers, with their arXiv numbers.
  public let source: String
  /// The tables, in the order of reading.
  public let tables: [StudyTable]
  /// The plot.
  public let chart: LineChart
  /// What the figures mean, and what they do not mean.
  public let notes: [String]
}

/// A table of a study: a title, column names and rows.
public struct StudyTable: Sendable, Hashable, Encodable {
  /// What the table shows.
  public let title: String
  /// The columns' names.
  public let columns: [String]
  /// The rows, each as long as the columns.
  public let rows: [[StudyCell]]
}

/// A cell: text, or a number with the digits to print.
public enum StudyCell: Sendable, Hashable, Encodable, ExpressibleByStringLiteral {
  /// Text.
  case text(String)
  /// A number and the digits after its point.
  case number(Double, digits: Int)

  /// Text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// A whole number.
  static func count(_ value: Int) -> StudyCell { .number(Double(value), digits: 0) }

  /// A yes or a no.
  static func verdict(_ holds: Bool) -> StudyCell { .text(holds ? "yes" : "NO") }

  /// The number, or `nil` for text.
  public var value: Double? {
    guard case .number(let value, _) = self else { return nil }
    return value
  }

  /// The printed form.
  public var description: String {
    switch self {
    case .text(let text): text
    case .number(let value, let digits): Numbers.fixed(value, digits: digits)
    }
  }

  /// Encodes the text or the number alone, in full precision.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let value, _): try container.encode(value)
    }
  }
}

/// The mean, standard deviation (n - 1) and standard error of repeated runs.
struct RunStatistics: Sendable, Hashable, Codable {
  /// The mean over the runs.
  let mean: Double
  /// The sample standard deviation over the runs; zero for one run.
  let standardDeviation: Double
  /// The mean's standard error.
  let standardError: Double

  /// The statistics of at least one value.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "statistics need a value")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardDeviation = n > 1 ? (squares / (n - 1)).squareRoot() : 0
    standardError = standardDeviation / n.squareRoot()
  }
}
