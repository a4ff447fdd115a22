import ArgumentParser

/// The flags of every command that prints.
///
///     @OptionGroup var output: OutputOptions
///     let console = output.console
struct OutputOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Print errors and results only, no progress and no notes.")
  var quiet = false

  @Flag(name: .long, help: "Print the result as JSON on standard output.")
  var json = false

  /// Where the command prints.
  var console: Console { Console(isQuiet: quiet, isJSON: json) }
}

/// The seed of a command that draws random numbers.
struct SeedOptions: ParsableArguments {
  @Option(name: .long, help: "The seed of everything random: the same seed gives the same bytes.")
  var seed: UInt64 = 1
}
