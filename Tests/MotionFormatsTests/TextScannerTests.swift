import Foundation
@testable import MotionFormats
import Randomness
import Testing

@Suite struct TextScannerTests {
  @Test(
    "Numbers are the nearest double",
    arguments: [
      "0", "-0", "1", "+1", "-1.5", ".5", "5.", ".0083333", "1e-05", "1E5", "-2.5e+3", "123456789012345678901234567890",
      "0.1234567890123456789012345", "1e22", "1e23", "1.7976931348623157e308", "5e-324", "1e-400", "9007199254740993",
      "0.000000000000000000000000000000001", ".5e-30", "00012.50",
    ]) func numbersAreTheNearestDouble(text: String) throws
  {
    let bytes = Array(text.utf8)
    let value = try #require(Decimal.parse(bytes, 0..<bytes.count))
    #expect(value == strtod(text, nil))
  }

  @Test(
    "Everything else is refused",
    arguments: ["", "-", ".", "e5", "1e", "1e+", "0x10", "nan", "inf", "1,5", "1.2.3", "1e400", "--1", "1 "])
  func everythingElseIsRefused(text: String) {
    let bytes = Array(text.utf8)
    #expect(Decimal.parse(bytes, 0..<bytes.count) == nil)
  }

  @Test("Random numbers round trip through text") func randomNumbersRoundTripThroughText() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let value = random.normal() * pow(10, 12 * random.uniform() - 6)
      let bytes = Array(value.description.utf8)
      #expect(Decimal.parse(bytes, 0..<bytes.count) == value)
      var text: [UInt8] = []
      FixedPoint.append(value, to: &text)
      #expect(
        abs(try #require(Decimal.parse(text, 0..<text.count)) - value) <= 0.500_001e-6 * max(1, abs(value) * 1e-9))
      #expect(!text.contains(UInt8(ascii: "e")))
    }
  }

  @Test(
    "Fixed point",
    arguments: [
      (0.0, "0.000000"), (-0.0, "0.000000"), (-0.0000001, "0.000000"), (1, "1.000000"), (-1.5, "-1.500000"),
      (1234567.1234564, "1234567.123456"), (0.999_999_9, "1.000000"), (-179.999_999_9, "-180.000000"),
    ]) func fixedPoint(value: Double, expected: String)
  {
    var text: [UInt8] = []
    FixedPoint.append(value, to: &text)
    #expect(String(decoding: text, as: UTF8.self) == expected)
  }

  @Test(
    "Frame times keep every digit", arguments: [0.0083333, 1.0 / 120, 1.0 / 30, 1, 0.1, 12.5, 1e-7, 3e20, 0.016666])
  func frameTimesKeepEveryDigit(value: Double) {
    let text = FixedPoint.exact(value)
    #expect(Double(text) == value)
    #expect(!text.contains("e"))
    #expect(text.filter { $0.isNumber }.drop { $0 == "0" }.count >= 9)
  }
}
