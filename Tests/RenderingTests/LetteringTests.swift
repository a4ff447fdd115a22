import Foundation
import Kinematics
@testable import Rendering
import Testing

@Suite struct LetteringTests {
  @Test("Every glyph is pairs of digits in its box") func everyGlyphIsPairsOfDigitsInItsBox() {
    for (letter, lines) in Glyphs.lines {
      for line in lines.split(separator: " ") {
        let digits = line.compactMap(\.wholeNumberValue)
        #expect(digits.count == line.count && digits.count % 2 == 0, "\(letter)")
        #expect(
          stride(from: 0, to: digits.count, by: 2).allSatisfy { digits[$0] <= 4 && digits[$0 + 1] <= 8 }, "\(letter)")
      }
    }
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:()" {
      #expect(Glyphs.lines[letter] != nil, "\(letter)")
    }
    // No letter is drawn like another.
    #expect(Set(Glyphs.lines.values).count == Glyphs.lines.count)
  }

  private static func ink(_ picture: Picture) -> [(x: Int, y: Int)] {
    (0..<picture.height).flatMap { y in
      (0..<picture.width).compactMap { x in
        picture.bytes[3 * (y * picture.width + x)] < 128 ? (x, y) : nil
      }
    }
  }

  @Test("Text stands where it is asked to") func textStandsWhereItIsAskedTo() {
    var picture = Picture(width: 200, height: 60)
    let lettering = Lettering("Walk_16", height: 16)
    lettering.draw(on: &picture, left: 20, top: 10)
    let ink = Self.ink(picture)
    #expect(ink.count > 150)
    #expect(ink.allSatisfy { $0.x >= 18 && Double($0.x) <= 22 + lettering.width && $0.y >= 8 && $0.y <= 28 })
    // Capitals reach the top, and the text its own width.
    #expect(ink.contains { $0.y <= 11 } && ink.contains { Double($0.x) > 17 + lettering.width })
    // Over an edge it is cut, not wrapped.
    lettering.draw(on: &picture, left: 190, top: -8)
    lettering.draw(on: &picture, left: -500, top: 500)
  }

  @Test("Long names lose their middle") func longNamesLoseTheirMiddle() {
    let name = "a-very-long-name-of-a-take/corrected-by-something.bvh"
    let whole = Lettering(name, height: 12)
    let short = Lettering.fitting(name, height: 12, width: whole.width / 2)
    #expect(short.width <= whole.width / 2 && short.width > whole.width / 3)
    #expect(Lettering.fitting(name, height: 12, width: 1000).width == whole.width)
    #expect(Lettering.fitting("é日本", height: 12, width: 1).width > 0)
    #expect(Lettering("É", height: 12).width == Lettering("E", height: 12).width)
  }

  @Test("Rows bear their labels") func rowsBearTheirLabels() {
    let motion = Motion(skeleton: .canonical, frameTime: 0.1, poses: [Pose(resting: .canonical)])
    func picture(_ label: String?) -> Picture {
      Strip(rows: [.init(motion, label: label), .init(motion, label: label)], frames: 1, width: 120).picture()
    }
    let (plain, labelled) = (picture(nil), picture("before"))
    #expect(labelled.height == plain.height + 2 * 16)
    let dark = Self.ink(labelled).filter { $0.y < 16 }
    #expect(dark.count > 10 && Self.ink(plain).filter { $0.y < 10 }.isEmpty)
    let film = Strip(rows: [.init(motion, label: "a"), .init(motion, label: "b")], width: 160).frame(at: 0, height: 100)
    #expect(Self.ink(film).contains { $0.y < 18 && $0.x < 80 } && Self.ink(film).contains { $0.y < 18 && $0.x > 80 })
  }
}
