// Room: Reporting. Replaced by its first file.
