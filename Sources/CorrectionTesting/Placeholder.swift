// Room: CorrectionTesting. Replaced by its first file.
