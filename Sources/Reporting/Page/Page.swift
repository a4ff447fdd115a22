/// A whole HTML page.
enum Page {
  static func text(title: String, head: [HTML], body: HTML) -> String {
    let head = HTML.element(
      "head", [],
      [
        HTML(markup: "<meta charset=\"utf-8\">"),
        HTML(markup: "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"),
        .element("title", [], HTML("\(title) – Surefoot")), HTML(markup: "<style>\(Style.sheet)</style>"),
      ] + head)
    return "<!doctype html>\n" + HTML.element("html", [("lang", "en")], head, body).description + "\n"
  }
}
