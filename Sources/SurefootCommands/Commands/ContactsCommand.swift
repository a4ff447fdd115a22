import ArgumentParser
import Correctors
import Foundation
import Kinematics
import MotionFormats
import Support

/// Writes a clip's contacts as a table that can be edited and given back to `correct`.
struct ContactsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contacts",
    abstract: "Write when heels, toes and hands of a clip touch the floor, as a table to edit.",
    discussion: """
      A row is one interval: the part (left_heel, left_toe, right_heel, right_toe, left_hand, right_hand), its start and \
      end in seconds, its first and last frame (counted from 0), the mode (planted, ground or free) and how sure the \
      detection is, 0 to 1.

      Edit it and give it back: `surefoot correct clip.bvh -o corrected --contacts contacts.csv`. Where you change the \
      seconds, empty the frames, or the other way round. A foot stands while its heel or its toe is planted; a foot \
      without a row may slide. With the mode ground a foot stays on the floor and may slide. Rows of hands are for your \
      information: no corrector holds a hand.

      Examples:
        surefoot contacts walk.bvh -o contacts.csv
        surefoot contacts walk.bvh
      """)

  @Argument(help: "A motion file of any format that is read.")
  var input: String

  @Option(name: [.short, .long], help: "The table to write (.csv); standard output without.")
  var output: String?

  @Option(name: .long, help: "The length unit of the file: m, cm, mm, inch, cmu or the metres in a unit.")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of the file.")
  var inputUp: UpAxis?

  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard let output else { return }
    guard URL(fileURLWithPath: output).pathExtension.lowercased() == "csv", !InputFile.isFolder(output) else {
      throw ValidationError("-o \(output): name a .csv file")
    }
    guard URL(fileURLWithPath: output).standardizedFileURL != URL(fileURLWithPath: input).standardizedFileURL else {
      throw ValidationError("-o \(output) is the input")
    }
  }

  /// What `--json` prints of an interval.
  private struct Row: Encodable {
    var part: String
    var start: Double
    var end: Double
    var firstFrame: Int
    var lastFrame: Int
    var mode: String
    var confidence: Double
  }

  func run() throws {
    let console = printing.console
    try NamedFile.require(input)
    let options = MotionReadingOptions(metresPerUnit: inputUnits?.metres, up: inputUp?.axis)
    let reading = try MotionFile.reading(contentsOf: URL(fileURLWithPath: input), options: options)
    for sentence in reading.warnings { console.note(sentence) }
    let table: ContactTable
    do {
      table = try ContactDetection.table(of: reading.clip.motion)
    } catch var error as SurefootError where error.file == nil {
      error.file = input
      throw error
    }
    if let output {
      try table.write(to: URL(fileURLWithPath: output))
      console.result("\(output): \(table.intervals.count) intervals")
    } else {
      console.result(table.text.trimmingCharacters(in: .newlines))
    }
    try console.emit(
      table.intervals.map { interval in
        Row(
          part: interval.part.rawValue, start: Double(interval.frames.lowerBound) * table.frameTime,
          end: Double(interval.frames.upperBound - 1) * table.frameTime, firstFrame: interval.frames.lowerBound,
          lastFrame: interval.frames.upperBound - 1, mode: interval.state.rawValue, confidence: interval.confidence)
      })
  }
}
