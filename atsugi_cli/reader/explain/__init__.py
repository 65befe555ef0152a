"""Explain: what the schema refuses, in Japanese: mistakes put together, keys, values, and advice on what to write."""
