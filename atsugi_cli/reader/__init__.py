"""Reader: from the text of an edition file to the model, or to findings that say what is wrong and where."""
