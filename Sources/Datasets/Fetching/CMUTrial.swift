import CTextFiles
public import Support

/// A trial of CMU's motion capture collection, and the ones worth having.
public struct CMUTrial: Sendable, Hashable {
  /// The subject's number as the site spells it, `06`.
  public var subject: String
  /// The trial's number as the site spells it.
  public var trial: String
  /// A one-word label.
  public var action: String
  /// What is done, in the site's words.
  public var description: String

  /// The clip's name, `06_01`.
  public var name: String { "\(subject)_\(trial)" }

  /// CMU's terms in short.
  public static let licence =
    "CMU: free for all uses incl. commercial products; the data itself may not be resold"

  /// What CMU asks to be printed.
  public static let acknowledgement =
    "The data used in this project was obtained from mocap.cs.cmu.edu. "
    + "The database was created with funding from NSF EIA-0196217."

  /// Trials on flat ground, none with props that the data lacks, that were found good.
  public static let shipped: [CMUTrial] =
    (try? read(text: shippedText, file: "cmu-trials.tsv")) ?? []

  /// `Data/cmu-trials.tsv`.
  static let shippedText = String(cString: surefoot_cmu_trials())

  /// Reads a list: tab-separated with a header line that has `subject` and `trial`, and perhaps `action` and
  /// `description`.
  ///
  /// - Throws: A `SurefootError` with the line of a row that is none.
  public static func read(text: String, file: String) throws(SurefootError) -> [CMUTrial] {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let header = lines.first?.split(separator: "\t").map(String.init) ?? []
    guard let subject = header.firstIndex(of: "subject"), let trial = header.firstIndex(of: "trial") else {
      throw SurefootError(
        file: file, line: 1, message: "the header line lacks 'subject' or 'trial'",
        suggestion: "begin with the tab-separated line subject, trial, action, description")
    }
    var trials: [CMUTrial] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      func field(_ name: String) -> String {
        header.firstIndex(of: name).flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
      }
      guard fields.count > max(subject, trial),
        let (number, which) = ClipLabels.cmuTrial("\(fields[subject])_\(fields[trial])")
      else {
        throw SurefootError(
          file: file, line: index + 1, message: "the row does not begin with a subject and a trial such as 06 and 01",
          suggestion: "give numbers of two digits (three for subjects above 99), separated by tabs")
      }
      trials.append(
        CMUTrial(
          subject: number, trial: which, action: field("action").nonEmpty ?? "unknown",
          description: field("description")))
    }
    return trials
  }
}
