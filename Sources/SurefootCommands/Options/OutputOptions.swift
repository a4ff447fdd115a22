package import ArgumentParser

/// The flags of every command that prints.
///
///     @OptionGroup var output: OutputOptions
///     let console = output.console
package struct OutputOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Print errors and results only, no progress and no notes.")
  package var quiet = false

  @Flag(name: .long, help: "Print the result as JSON on standard output.")
  package var json = false

  package init() {}

  /// Where the command prints.
  package var console: Console { Console(isQuiet: quiet, isJSON: json) }
}

/// The seed of a command that draws random numbers.
package struct SeedOptions: ParsableArguments {
  @Option(name: .long, help: "The seed of everything random: the same seed gives the same bytes.")
  package var seed: UInt64 = 1

  package init() {}
}
