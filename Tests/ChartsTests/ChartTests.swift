@testable import Charts
import Foundation
import Testing
import Support

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Charts") struct ChartTests {
  @Test(
    "Ticks are 1, 2 or 5 times a power of ten",
    arguments: [(1.0, 0.2), (10, 2), (7, 2), (0.05, 0.01), (300, 100)])
  func ticksAreRound(span: Double, step: Double) {
    #expect(abs(Axis.step(for: span) - step) < 1e-9)
  }

  @Test("An axis covers its values from tick to tick, and clamps what lies beyond")
  func anAxisCoversItsValues() {
    let axis = Axis(covering: [0.2, 3.7], from: 200, to: 0, includingZero: true)
    #expect(axis.domain == 0...4 && axis.ticks == [0, 1, 2, 3, 4])
    #expect(axis(1) == 150 && axis(9) == 0 && axis(.nan) == nil)
  }

  @Test("A logarithmic axis is marked at powers of ten and shows no zero")
  func aLogarithmicAxis() {
    let axis = Axis(around: [0, 1, 1000], from: 0, to: 300, isLogarithmic: true)
    #expect(axis.ticks == [1, 10, 100, 1000])
    #expect(axis(0) == nil && abs((axis(10) ?? 0) - (axis(1) ?? 0) - 300 / 3.18) < 1e-9)
  }

  @Test("A line is broken where an axis cannot show a point")
  func linesAreBroken() {
    var chart = LineChart(title: "a < b & c", xLabel: "x", yLabel: "y")
    chart.isYLogarithmic = true
    chart.add("broken", [(0, 1), (1, 0), (2, .nan), (3, 100), (4, 10)])
    let svg = chart.svg
    #expect(svg.contains("a &lt; b &amp; c"))
    let path = svg.components(separatedBy: "class=\"curve s0\"").last?.prefix { $0 != ">" } ?? ""
    #expect(path.filter { $0 == "M" }.count == 2 && path.filter { $0 == "L" }.count == 1)
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(XMLParser(data: Data(LineChart(title: "", xLabel: "", yLabel: "").svg.utf8)).parse())
  }

  @Test("A page's chart has bands, dots and reference lines; a chart without points is none")
  func figuresOfPages() throws {
    var chart = LineChart(title: "FID", xLabel: "generation", yLabel: "")
    #expect(chart.figure == nil)
    chart.add("raw", colour: 3, [(x: 0, value: 2, lower: 1, upper: 3), (x: 1, value: .nan, lower: 0, upper: 0)])
    chart.addReference("real motion", at: 1.5)
    let text = try #require(chart.figure?.description)
    #expect(text.contains("band s3") && text.contains("curve s3") && text.contains("real motion: 1.50"))
    #expect(text.contains("raw, generation 0: 2.00 (1.00 to 3.00)"))
    #expect(text.components(separatedBy: "<circle").count == 2)
  }

  @Test("Histograms hold every value")
  func histogramsHoldEveryValue() throws {
    let chart = Histogram(title: "t", unit: "mm", sets: [("a", 1, Array(1...50).map(Double.init) + [1000])])
    let svg = try #require(chart.figure?.description)
    #expect(svg.contains("51 clips") && svg.contains("the last bar holds up to 1000"))
    #expect(Histogram(title: "t", unit: "", sets: [("a", 0, [.nan])]).figure == nil)
  }

  @Test(
    "Numbers are short",
    arguments: [
      (0.0, "0"), (0.00012, "1.2e-04"), (0.0123, "0.012"), (3.14159, "3.14"), (42.42, "42.4"), (1234, "1234"),
      (.nan, "–"), (-.infinity, "−∞"),
    ])
  func numbersAreShort(value: Double, text: String) { #expect(Numbers.short(value) == text) }

  @Test("Text is escaped scalar by scalar: a combining accent hides no quotation mark")
  func escapingGoesByScalars() {
    let text = "a\"\u{301} onload=\"x\" <\u{301}b>'\u{301}&\u{301}"
    let escaped = Markup.escaped(text)
    for scalar in "\"<>'".unicodeScalars { #expect(!escaped.unicodeScalars.contains(scalar)) }
    #expect(escaped.hasPrefix("a&quot;\u{301} onload=&quot;x&quot; &lt;\u{301}b&gt;"))
    #expect(Markup.element("td", [("id", "\"\u{301}")]).description == "<td id=\"&quot;\u{301}\"></td>")
  }
}
