# SPDX-License-Identifier: GPL-2.0-or-later
"""The few files that import Mercurial, and are therefore under its licence.

Owns what only Mercurial can see from inside: a transaction that is about to be closed, and its
web server. Must not import anything of ours, and must not decide anything.
"""
