package import Foundation

extension JSONEncoder {
  /// An encoder whose keys are sorted, so that equal values give equal bytes.
  package static func sorted(pretty: Bool = false, escapingSlashes: Bool = false) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    if !escapingSlashes { encoder.outputFormatting.insert(.withoutEscapingSlashes) }
    return encoder
  }
}
