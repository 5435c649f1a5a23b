"""Everything that touches the disk and git."""
