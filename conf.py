"""The portal's configuration: project facts, extensions, appearance, services.

Sphinx reads this file: ``sphinx-build -c . source build/html``. Everything that
varies between installations comes from the environment by way of the services'
settings, so the file is the same everywhere.
"""

from importlib.metadata import version as installed_version

project = "docs.services"
author = "the docs.services authors"
project_copyright = "the docs.services authors"
release = installed_version("honestdocs")
version = ".".join(release.split(".")[:2])

extensions = [
    "sphinxcontrib.httpdomain",
    "honestdocs",
    "sphinx_design",
]
nitpicky = True
highlight_language = "none"

html_theme = "furo"
html_title = "docs.services"
html_copy_source = False
html_show_sphinx = False

html_theme_options = {"navigation_with_keys": False, "top_of_page_buttons": ["edit"]}
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "honestdocs-outline.html",
        "sidebar/scroll-end.html",
    ]
}

honestdocs_portal = True
# A server for the length of a check drains nothing: nobody waits for its heartbeat to turn.
_SERVER = {"PYTHONPATH": "reference", "SYNCSERVER_SHUTDOWN_GRACE": "0"}

honestdocs_history = True

honestdocs_services = {
    "registration": {
        "title": "Registration",
        "owner": "Services",
        "command": "{python} -m syncserver --port {port}",
        "env": _SERVER,
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "pages": ["services/registration"],
    },
    "keyexchange": {
        "title": "Key Exchange",
        "owner": "Services",
        "command": "{python} -m syncserver --port {port}",
        "env": _SERVER,
        "path": "/keyexchange",
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "pages": ["services/keyexchange"],
    },
    "storage": {
        "title": "Storage",
        "owner": "Services",
        "command": "{python} -m syncserver --port {port}",
        "env": _SERVER,
        "heartbeat": "/__heartbeat__",
        "version": "/__version__",
        "setup": "source/services/storage.http",
        "pages": ["services/storage"],
    },
    "blacklisting": {
        "title": "Blacklisting",
        "owner": "Services",
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
        "owner": "Services",
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
