"""The portal's configuration: project facts, extensions, appearance, services.

Sphinx reads this file: ``sphinx-build -c . source build/html``. Everything that
varies between installations comes from the environment by way of the services'
settings, so the file is the same everywhere.
"""

import os
from contextlib import redirect_stdout
from importlib import import_module
from importlib.metadata import version as installed_version
from io import StringIO

# It prints that there is no matplotlib for social cards, though they are off; it has no setting
# for that, and says nothing else when it is imported.
with redirect_stdout(StringIO()):
    import_module("sphinxext.opengraph")

project = "docs.services"
author = "the docs.services authors"
project_copyright = "the docs.services authors"
release = installed_version("honestdocs")
version = ".".join(release.split(".")[:2])

extensions = [
    "sphinxcontrib.httpdomain",
    "honestdocs",
    "notfound.extension",
    "sphinx_design",
    "sphinx_reredirects",
    "sphinx_sitemap",
    "sphinxext.opengraph",
]
nitpicky = True
highlight_language = "none"

html_theme = "furo"
html_title = "docs.services"
html_copy_source = False
html_show_sphinx = False
html_favicon = "source/_static/favicon.svg"

# Where readers find the pages; with a slash at its end.
html_baseurl = os.environ.get("DOCS_BASE_URL", "http://127.0.0.1:8000/")
sitemap_url_scheme = "{link}"
sitemap_show_lastmod = False
ogp_site_url = html_baseurl
ogp_site_name = html_title
ogp_social_cards = {"enable": False}
ogp_enable_meta_description = True

notfound_urls_prefix = "/"
notfound_context = {
    "title": "There is no such page",
    "body": """
<h1>There is no such page</h1>
<p>It may have been renamed, or the address may hold a slip.</p>
<div class="hd-suggestions"></div>
<p>The search (<kbd>Ctrl</kbd>+<kbd>K</kbd>) knows every operation, header, field and status.
<a href="/index.html">The first page</a> lists everything else.</p>
""",
}

# Where pages are now that readers may look for by another name.
redirects = {
    "changelog": "project/changelog.html",
    "services/easysetup": "keyexchange.html",
    "services/storage": "storage/index.html",
    "services/sync": "storage/index.html",
}

html_theme_options = {"navigation_with_keys": False, "top_of_page_buttons": ["edit"]}
if "DOCS_EDIT_URL" in os.environ:  # where a page can be edited, with {filename} for its path
    html_theme_options["source_edit_link"] = os.environ["DOCS_EDIT_URL"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "honestdocs-status.html",
        "honestdocs-outline.html",
        "sidebar/scroll-end.html",
    ]
}

honestdocs_portal = True
# A server for the length of a check drains nothing: nobody waits for its heartbeat to turn.
_SERVER = {"PYTHONPATH": "reference", "SYNCSERVER_SHUTDOWN_GRACE": "0"}

honestdocs_history = True

# Whom to ask, and where more is told of every service.
_OWNER = {"owner": "Services", "contact": os.environ.get("DOCS_CONTACT", "guide/contributing")}
_CHANGELOG = {"Changelog": "project/changelog"}

honestdocs_services = {
    "registration": {
        "title": "Registration",
        **_OWNER,
        "links": {**_CHANGELOG, "Error numbers": "services/responsecodes"},
        "command": "{python} -m syncserver --port {port}",
        "env": _SERVER,
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "pages": ["services/registration"],
    },
    "keyexchange": {
        "title": "Key Exchange",
        **_OWNER,
        "links": {**_CHANGELOG, "Limits": "services/blacklisting"},
        "command": "{python} -m syncserver --port {port}",
        "env": _SERVER,
        "path": "/keyexchange",
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "pages": ["services/keyexchange"],
    },
    "storage": {
        "title": "Storage",
        **_OWNER,
        "links": {**_CHANGELOG, "Errors": "services/storage/errors"},
        "command": "{python} -m syncserver --port {port}",
        "env": _SERVER,
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "setup": "source/services/storage/account.http",
        "pages": ["services/storage/*"],
    },
    "blacklisting": {
        "title": "Blacklisting",
        **_OWNER,
        "links": _CHANGELOG,
        "command": "{python} -m syncserver --port {port}",
        "env": {
            **_SERVER,
            "SYNCSERVER_TRUSTED_PROXIES": "127.0.0.1",
            "SYNCSERVER_BLACKLIST_BAD_REQUESTS": "3",
            "SYNCSERVER_BLACKLIST_NEVER": "10.0.0.0/8",
            "SYNCSERVER_BLACKLIST_ADMIN_PASSWORD": "open sesame",
        },
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "pages": ["services/blacklisting"],
    },
    "responsecodes": {
        "title": "Response codes",
        **_OWNER,
        "links": _CHANGELOG,
        "command": "{python} -m syncserver --port {port}",
        "env": {
            **_SERVER,
            "SYNCSERVER_REGISTRATION_CAPTCHA": "sum",
            "SYNCSERVER_REGISTRATION_SECRET": "let the tests in",
            "SYNCSERVER_STORAGE_QUOTA": "1",
            "SYNCSERVER_STORAGE_STATUS": "backoff:600",
        },
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "pages": ["services/responsecodes"],
    },
}
