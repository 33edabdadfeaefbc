"""Checking documented examples against a live service: transport, server, session, store.

Owns HTTP, processes and files, and knows the contract.
Must not know Sphinx, nor how outcomes are shown.
"""
