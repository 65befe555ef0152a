"""Layout: what a command has to say, as a Document: collapse, labels, numbers and underline are decided here, once."""
