// Room: Tensors. Replaced by its first file.
