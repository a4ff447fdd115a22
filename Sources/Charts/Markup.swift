/// Markup text, HTML or SVG, whose every piece of text was escaped when it came in.
///
///     let row = Markup.element("td", [("class", "name")], Markup(clip.id))
///     print(row)                                  // <td class="name">walk &amp; run</td>
///
/// Escaping goes by Unicode scalars. By characters, a quotation mark followed by a combining accent is one character
/// that equals neither: it would not be escaped, and would end its attribute.
package struct Markup: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let description: String

  /// Markup that is not escaped: for constants only, never for anything read from a file.
  package init(raw: String) { description = raw }

  /// Text, escaped.
  package init(_ text: String) { description = Markup.escaped(text) }

  /// Text, escaped.
  package init(stringLiteral text: String) { self.init(text) }

  /// Nothing.
  package static let empty = Markup(raw: "")

  /// An element; its attributes' values are escaped.
  package static func element(
    _ name: String, _ attributes: [(String, String)] = [], _ content: Markup...
  ) -> Markup {
    element(name, attributes, content)
  }

  /// An element; its attributes' values are escaped.
  package static func element(
    _ name: String, _ attributes: [(String, String)] = [], _ content: [Markup]
  ) -> Markup {
    let attributes = attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    return Markup(raw: "<\(name)\(attributes)>\(content.map(\.description).joined())</\(name)>")
  }

  /// The text with the five characters that mean something to a parser replaced by references.
  package static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
