/// HTML text that needs no more escaping: built from elements whose text is escaped on the way in.
struct HTML: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  let description: String

  /// Markup as it is.
  init(markup: String) { description = markup }

  /// Text, escaped.
  init(_ text: String) { description = HTML.escaped(text) }

  /// Text, escaped.
  init(stringLiteral text: String) { self.init(text) }

  /// An element with attributes (escaped) and content.
  static func element(_ name: String, _ attributes: [(String, String)] = [], _ content: HTML...) -> HTML {
    element(name, attributes, content)
  }

  /// An element with attributes (escaped) and content.
  static func element(_ name: String, _ attributes: [(String, String)] = [], _ content: [HTML]) -> HTML {
    let attributes = attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    return HTML(markup: "<\(name)\(attributes)>\(content.map(\.description).joined())</\(name)>")
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }
}
