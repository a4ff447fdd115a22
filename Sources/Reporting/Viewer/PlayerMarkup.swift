import Support

/// The player's place in a page, its motions, and the program that plays them.
enum PlayerMarkup {
  /// Styles for the page's head.
  static var style: HTML { HTML(markup: "<style>\n\(ViewerAssets.style)\n</style>") }

  /// A place for a player of motions that the page holds under these names.
  ///
  /// - Parameter at: Where a small player stands before it is started, 0...1.
  static func player(_ ids: [String], isSmall: Bool = false, isOverlaid: Bool = false, at: Double = 0) -> HTML {
    .element(
      "div",
      [
        ("class", "sf-player"), ("data-motions", ids.joined(separator: " ")), ("data-size", isSmall ? "small" : "full"),
        ("data-layout", isOverlaid ? "overlay" : "side"), ("data-at", Numbers.short(at)),
      ])
  }

  /// The packed motions by name.
  static func motions(_ motions: [(id: String, motion: PackedMotion)]) -> HTML {
    HTML(
      markup: motions.map { id, motion in
        "<script type=\"application/json\" data-motion=\"\(HTML.escaped(id))\">\(motion.json)</script>"
      }.joined(separator: "\n"))
  }

  /// The program, for the end of the page.
  static var script: HTML {
    HTML(markup: "<script>//<![CDATA[\n(() => {\n\"use strict\";\n\(ViewerAssets.script)\n})();\n//]]></script>")
  }
}
