"""Layout: what a command has to say, as a Document: what is collapsed, labelled, numbered and underlined, decided once."""
