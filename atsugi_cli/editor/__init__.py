"""Editor: the program where people type: a language server, and a page that follows what is saved.

Everything it says comes from the functions that the commands use; here it is only given its place in an editor.
"""
