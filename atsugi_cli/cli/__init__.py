"""The edge: commands, options, exit codes, streams. Here the values of the core meet people and other programs."""
