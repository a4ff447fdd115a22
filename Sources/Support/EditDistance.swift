/// Levenshtein's distance, for "did you mean".
package enum EditDistance {
  /// The nearest of some names; of dotted names the last part alone counts as well. `nil` if none is near.
  package static func nearest(to word: String, among names: [String]) -> String? {
    allNearest(to: word, among: names).first
  }

  /// All names that are equally near and nearer than the others; none if none is near.
  package static func allNearest(to word: String, among names: [String]) -> [String] {
    let scored = names.map { name in
      let last = name.split(separator: ".").last.map(String.init) ?? name
      return (name: name, distance: min(between(word, name), between(word, last)))
    }
    guard let best = scored.map(\.distance).min(), best <= max(2, word.count / 3) else { return [] }
    return scored.filter { $0.distance == best }.map(\.name)
  }

  /// Insertions, deletions and exchanges from one word to the other.
  package static func between(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.lowercased()), Array(b.lowercased()))
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let exchanged = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(exchanged, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
