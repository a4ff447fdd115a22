// Room: Theory. Replaced by its first file.
