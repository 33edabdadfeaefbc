"""Errors of libcurl that pycurl has no name for.

Owns their numbers. Must not know what they mean to a person.
"""

E_WEIRD_SERVER_REPLY = 8
E_HTTP2_STREAM = 92
E_PROXY = 97
E_TOO_LARGE = 100
