"""The portal: serves the built pages and keeps them true to the services as they are now.

Owns the web application and the watching behind it. Must not know Sphinx: it is given the folder
of the pages and what they document.
"""
