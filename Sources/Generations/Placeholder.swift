// Room: Generations. Replaced by its first file.
