"""Checking the links of a documentation tree.

Owns reading links out of pages, judging those within the tree without any I/O, asking the others
politely, and keeping what was found out. Must not know how a finding is shown beside others.
"""
