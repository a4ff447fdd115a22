package import Support
import Yams

extension SurefootError {
  /// What Yams threw for a text that is no YAML, with line and column where it knows them.
  package init(yaml error: any Error, file: String) {
    let suggestion = "check indentation, colons and brackets"
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(
        file: file, line: mark.line, column: mark.column, message: "is no YAML: \(problem)", suggestion: suggestion)
    default: self.init(file: file, message: "is no YAML: \(error)", suggestion: suggestion)
    }
  }
}
