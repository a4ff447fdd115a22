// Room: Diffusion. Replaced by its first file.
