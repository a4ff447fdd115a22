import CPageAssets
import Charts
import Foundation
import Support

/// A whole HTML page: one file that needs no network, in light or dark by the reader's setting.
enum Page {
  /// The page's text.
  ///
  /// Its content security policy allows the player's program, by its digest, and nothing else: markup that
  /// slips through the escaping still cannot run, load or send anything.
  static func text(title: String, head: [Markup], body: Markup) -> String {
    let policy =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(PageAssets.scriptDigest)'; "
      + "base-uri 'none'; form-action 'none'"
    let head = Markup.element(
      "head", [],
      [
        Markup(raw: "<meta charset=\"utf-8\">"),
        Markup(raw: "<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">"),
        Markup(raw: "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"),
        .element("title", [], Markup("\(title) – Surefoot")), Markup(raw: "<style>\(PageAssets.sheet)</style>"),
      ] + head)
    return "<!doctype html>\n" + Markup.element("html", [("lang", "en")], head, body).description + "\n"
  }
}

/// The style sheets and the player's program, which travel inside the binary.
enum PageAssets {
  /// The style of all pages.
  static let sheet = text(surefoot_page_style())
  /// The style of players.
  static let playerStyle = text(surefoot_player_style())
  /// The text between `<script>` and `</script>`.
  static let script = "//<![CDATA[\n(() => {\n\"use strict\";\n\(text(surefoot_player_script()))\n})();\n//]]>"

  /// The SHA-256 of ``script`` in base 64, as a content security policy names it.
  static let scriptDigest: String = {
    let digits = Array(SHA256.hexadecimal(of: script.utf8))
    let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
    return Data(bytes).base64EncodedString()
  }()

  private static func text(_ file: UnsafePointer<CChar>) -> String {
    String(cString: file).trimmingCharacters(in: .newlines)
  }
}
