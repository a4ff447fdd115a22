public import Dynamics
public import Kinematics
public import Rendering
import Support

/// A page that plays motions: one file that needs no network and opens from the disk.
///
///     try AtomicFile.write(ViewerPage(title: "walk", motions: [before, after]).html, to: page)
public struct ViewerPage: Sendable {
  /// One motion, and its figures where it has a body.
  public struct Entry: Sendable {
    /// The motion.
    public var motion: PackedMotion
    /// Its figures.
    public var metrics: PlausibilityMetrics?
    /// What a reader should know, one sentence each.
    public var notes: [String]

    /// An entry by its parts.
    public init(motion: PackedMotion, metrics: PlausibilityMetrics? = nil, notes: [String] = []) {
      self.motion = motion
      self.metrics = metrics
      self.notes = notes
    }
  }

  /// In the page's title.
  public var title: String
  /// What is played, before first.
  public var entries: [Entry]
  /// Whether the motions are laid over each other at first.
  public var isOverlaid: Bool

  /// A page by its parts.
  ///
  /// - Precondition: At least one entry.
  public init(title: String, entries: [Entry], isOverlaid: Bool = false) {
    precondition(!entries.isEmpty, "at least one motion")
    self.title = title
    self.entries = entries
    self.isOverlaid = isOverlaid
  }

  /// The whole page. The same motions give the same text.
  public var html: String {
    let ids = entries.indices.map { "m\($0)" }
    let body = HTML.element(
      "body", [("class", "viewer")],
      [
        .element("h1", [], HTML(title)),
        PlayerMarkup.player(ids, isOverlaid: isOverlaid && entries.count > 1), table, notes,
        PlayerMarkup.motions(Array(zip(ids, entries.map(\.motion)))), PlayerMarkup.script,
      ])
    return Page.text(title: title, head: [PlayerMarkup.style], body: body)
  }

  private var notes: HTML {
    let all = entries.flatMap { entry in entry.notes.map { "\(entry.motion.name): \($0)" } }
    return all.isEmpty
      ? HTML(markup: "") : .element("ul", [("class", "soft")], all.map { .element("li", [], HTML($0)) })
  }

  private var table: HTML {
    guard entries.contains(where: { $0.metrics != nil }) else { return HTML(markup: "") }
    let columns: [(String, (PlausibilityMetrics) -> Double)] = [
      ("Phys-Err [mm]", \.physErr), ("Penetrate [mm]", \.penetrate), ("Float [mm]", \.float),
      ("Skate [mm/frame]", \.skate), ("Residual wrench [body weights]", \.residualWrench),
      ("95th percentile", \.residualWrench95), ("Self-penetration [mm]", \.selfPenetration),
      ("Joint-limit excess [degrees]", \.jointLimitExcess), ("Jerk [m/s³]", \.jerk),
    ]
    let rows = entries.map { entry in
      HTML.element(
        "tr", [],
        [.element("td", [], HTML(entry.motion.name))]
          + columns.map { column in
            .element("td", [], HTML(entry.metrics.map { Numbers.short(column.1($0)) } ?? "–"))
          })
    }
    return ReportTable.section("Figures of the whole motions", header: ["motion"] + columns.map(\.0), rows: rows)
  }
}
