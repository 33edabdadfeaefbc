"""The contract: what the documentation claims, and how a claim is judged.

This package owns reading messages, paths and fields out of text, pairing them into
examples, comparing documented with observed answers, and binding generated values.
It must not know Sphinx, the network, the file system, the clock or chance: everything
it needs is an argument, so that every rule can be tested with plain values.
"""
