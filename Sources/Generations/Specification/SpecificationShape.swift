/// What a setting takes, for a JSON Schema.
enum SpecificationShape: Sendable, Hashable {
  case integer(ClosedRange<Int>)
  case real(ClosedRange<Double>)
  case flag
  case text
  case choice([String])
}
