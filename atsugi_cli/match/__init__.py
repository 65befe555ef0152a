"""Match: what belongs together in two editions: items (lineage, likeness) and the words of a text (prose)."""
