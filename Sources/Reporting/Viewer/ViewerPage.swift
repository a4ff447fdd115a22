import Charts
public import Dynamics
import Kinematics
import Rendering
import Support

/// A page that plays motions: one file that needs no network and opens from the disk.
///
///     let entries = [("input", before), ("corrected", after)].map { name, motion in
///       ViewerPage.Entry(motion: PackedMotion(name: name, motion: motion, trace: MotionTrace(motion, body: body)))
///     }
///     let page = ViewerPage(title: "walk", entries: entries)
///     try page.html.write(to: URL(fileURLWithPath: "walk.html"), atomically: true, encoding: .utf8)
public struct ViewerPage: Sendable {
  /// One motion, and its figures where it has a body.
  public struct Entry: Sendable {
    /// The motion.
    public var motion: PackedMotion
    /// Its figures.
    public var metrics: PlausibilityMetrics?
    /// Notes for the reader, one sentence each.
    public var notes: [String]

    /// A motion with its figures, which the page shows in a table, and notes below it.
    public init(motion: PackedMotion, metrics: PlausibilityMetrics? = nil, notes: [String] = []) {
      self.motion = motion
      self.metrics = metrics
      self.notes = notes
    }
  }

  /// In the page's title.
  public var title: String
  /// The motions, in the order of the table; of two, the one before correction comes first.
  public var entries: [Entry]
  /// Whether the motions are laid over each other at first.
  public var isOverlaid: Bool

  /// A page of motions.
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
    let body = Markup.element(
      "body", [("class", "viewer")],
      [
        .element("h1", [], Markup(title)),
        PlayerMarkup.player(ids, isOverlaid: isOverlaid && entries.count > 1), table, notes,
        PlayerMarkup.motions(Array(zip(ids, entries.map(\.motion)))), PlayerMarkup.script,
      ])
    return Page.text(title: title, head: [PlayerMarkup.style], body: body)
  }

  private var notes: Markup {
    let all = entries.flatMap { entry in entry.notes.map { "\(entry.motion.name): \($0)" } }
    return all.isEmpty
      ? Markup.empty : .element("ul", [("class", "soft")], all.map { .element("li", [], Markup($0)) })
  }

  private var table: Markup {
    guard entries.contains(where: { $0.metrics != nil }) else { return Markup.empty }
    let columns: [(String, (PlausibilityMetrics) -> Double?)] = [
      ("Phys-Err [mm]", \.physErr), ("Penetrate [mm]", \.penetrate), ("Float [mm]", \.float),
      ("Skate [mm/frame]", \.skate), ("Residual wrench [body weights]", \.residualWrench),
      ("95th percentile", \.residualWrench95), ("Self-penetration [mm]", \.selfPenetration),
      ("Joint-limit excess [degrees]", \.jointLimitExcess), ("Jerk [m/s³]", \.jerk),
      ("Joints below the floor [% of frames]", { $0.skeletonPenetration.map { 100 * $0.share } }),
      ("Deepest joint [mm]", \.skeletonPenetration?.deepest),
    ]
    let rows = entries.map { entry in
      Markup.element(
        "tr", [],
        [.element("td", [], Markup(entry.motion.name))]
          + columns.map { column in
            let value = entry.metrics.flatMap(column.1)
            return .element(
              "td", value.map { [("data-value", "\($0)")] } ?? [], Markup(value.map { Numbers.short($0) } ?? "–"))
          })
    }
    // The player makes it a list that is sorted and filtered.
    return ReportTable.section(
      "Figures of the whole motions", header: ["motion"] + columns.map(\.0), rows: rows,
      attributes: [("data-figures", "list")])
  }
}

/// The player's place in a page, its motions, and the program that plays them.
enum PlayerMarkup {
  /// Styles for the page's head.
  static var style: Markup { Markup(raw: "<style>\n\(PageAssets.playerStyle)\n</style>") }

  /// A place for a player of motions that the page holds under these names.
  ///
  /// - Parameter at: The time that a small player shows before it is started, as a share of the motion.
  static func player(_ ids: [String], isSmall: Bool = false, isOverlaid: Bool = false, at: Double = 0) -> Markup {
    .element(
      "div",
      [
        ("class", "sf-player"), ("data-motions", ids.joined(separator: " ")), ("data-size", isSmall ? "small" : "full"),
        ("data-layout", isOverlaid ? "overlay" : "side"), ("data-at", Numbers.short(at)),
      ])
  }

  /// The packed motions by name.
  static func motions(_ motions: [(id: String, motion: PackedMotion)]) -> Markup {
    Markup(
      raw: motions.map { id, motion in
        "<script type=\"application/json\" data-motion=\"\(Markup.escaped(id))\">\(motion.json)</script>"
      }.joined(separator: "\n"))
  }

  /// The program, for the end of the page.
  static var script: Markup {
    Markup(raw: "<script>\(PageAssets.script)</script>")
  }
}
