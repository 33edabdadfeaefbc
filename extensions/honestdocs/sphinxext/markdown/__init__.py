"""Pages as Markdown, for readers that are programs: a twin beside every HTML page, and llms.txt.

Owns the writing of resolved document trees as Markdown. Must not read, resolve or verify
anything: it is given what the HTML was just written from.
"""
