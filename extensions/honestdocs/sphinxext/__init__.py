"""The Sphinx side: reading pages, verifying between reading and writing, showing outcomes.

Owns everything that knows Sphinx and docutils. Must not know web applications or hosting.
"""
