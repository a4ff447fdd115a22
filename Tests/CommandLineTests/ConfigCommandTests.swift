import Foundation
import Support
import Testing

@Suite struct ConfigCommandTests {
  @Test(
    "Settings are explained",
    arguments: [
      (["explain", "lambda"], 0, "takes:   a number"), (["explain", "initial-steps"], 0, "model.initial-steps"),
      (["explain", "lamda"], 64, "did you mean lambda?"), (["explain", "steps"], 64, "model.steps"),
      (["explain"], 0, "evaluation.encoder-steps"),
    ]) func settingsAreExplained(arguments: [String], status: Int, text: String) throws
  {
    let run = try ConvertCommandTests.surefoot(["config"] + arguments)
    #expect(run.status == Int32(status))
    #expect((run.output + run.errors).contains(text), "\(run.output)\(run.errors)")
  }

  @Test("Every setting is explained and in the schema") func everySettingIsExplainedAndInTheSchema() throws {
    struct Setting: Decodable {
      var key: String
      var meaning: String
      var takes: String
    }
    let listed = try ConvertCommandTests.surefoot(["config", "explain", "--json"])
    let settings = try JSONDecoder().decode([Setting].self, from: Data(listed.output.utf8))
    #expect(settings.count >= 20)
    for setting in settings {
      #expect(!setting.meaning.isEmpty, "say in RunSpecification+Settings.swift what \(setting.key) does")
    }
    let printed = try ConvertCommandTests.surefoot(["config", "schema"])
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [String: Any])
    #expect(schema["additionalProperties"] as? Bool == false)
    for setting in settings {
      var here = schema
      for part in setting.key.split(separator: ".") {
        let properties = try #require(here["properties"] as? [String: [String: Any]])
        here = try #require(properties[String(part)], "\(setting.key)")
      }
      #expect((here["description"] as? String)?.contains(setting.takes) == true)
    }
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    let data = try #require(properties["data"]?["properties"] as? [String: [String: Any]])
    #expect(data["windows"]?["type"] as? String == "integer" && data["windows"]?["minimum"] as? Int == 0)
    #expect(data["mirrored"]?["type"] as? String == "boolean")
    #expect(properties["rejected"]?["enum"] as? [String] == ["drop", "raw", "replace"])
  }

  @Test(
    "Files are checked",
    arguments: [
      ("lambda: 2\nmodel:\n  stepz: 3\n", 1, ":3:3: there is no setting model.stepz; did you mean model.steps?"),
      ("lambda: -1\n", 1, ":1:9: lambda takes a number"), ("generations: 1.5\n", 1, ":1:14: generations takes"),
      ("data: 3\n", 1, ":1:7: data holds settings of its own"), ("seed: [\n", 1, "is no YAML"),
      ("lambda: 2\n", 0, "lambda: 2"),
    ]) func filesAreChecked(yaml: String, status: Int, text: String) throws
  {
    try ConvertCommandTests.withFolder { folder in
      let file = folder.appending(path: "experiment.yaml")
      try AtomicFile.write(yaml, to: file)
      let run = try ConvertCommandTests.surefoot(["config", "check", file.path, "--preset", "tiny"])
      #expect(run.status == Int32(status))
      #expect((run.output + run.errors).contains(text), "\(run.output)\(run.errors)")
    }
  }
}
