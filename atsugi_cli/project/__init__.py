"""Project: a folder with editions, as a library: read, chosen, checked, put right, and followed through git.

Nothing here prints, asks or ends the program: what there is to say besides a result goes to a `Listener`.
"""
