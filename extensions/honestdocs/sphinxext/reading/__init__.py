"""What a portal adds to its pages for readers: columns, tabs, search, catalog.

Owns what ``honestdocs_portal`` turns on. Must not be needed by a tree that only wants its
examples proven.
"""
