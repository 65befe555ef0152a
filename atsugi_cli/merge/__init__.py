"""Merge: a plan's text and what two people made of it in, one text out, and every decision that was taken."""

from atsugi_cli.merge.merging import merged
from atsugi_cli.merge.values import Clash, Decision, Merged, MergedFile

__all__ = ["Clash", "Decision", "Merged", "MergedFile", "merged"]
