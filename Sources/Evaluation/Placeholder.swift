// Room: Evaluation. Replaced by its first file.
