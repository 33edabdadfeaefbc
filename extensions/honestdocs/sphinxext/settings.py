"""The configuration values of the extension.

Owns their names, defaults and checks. Must not know what they lead to.
"""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.config import ENUM
from sphinx.errors import ConfigError

from honestdocs.contract.configuration import Service, parse_services
from honestdocs.contract.errors import ConfigurationError
from honestdocs.sphinxext.addresses import parse_addresses
from honestdocs.sphinxext.origin import NAME as ORIGIN
from honestdocs.sphinxext.origin import parse_origin

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

VALUES: tuple[tuple[str, object, type, str], ...] = (
    ("honestdocs_services", {}, dict, "The services, by name."),
    ("honestdocs_config", "", str, "A TOML file with more services."),
    ("honestdocs_verify", True, bool, "Whether a build runs examples."),
    ("honestdocs_all", False, bool, "Run all examples, whatever their cause."),
    ("honestdocs_database", "", str, "Where outcomes are kept."),
    ("honestdocs_links", {}, dict, "How links are checked, beside Sphinx's linkcheck_ values."),
    ("honestdocs_marks", True, bool, "Whether pages show outcomes."),
    ("honestdocs_portal", False, bool, "Whether pages get what a portal offers readers."),
    ("honestdocs_history", False, bool, "Whether pages show their history."),
    (ORIGIN, {}, dict, "Which repository has the history of a tree that lies outside of it."),
)


def add_values(app: Sphinx) -> None:
    """Declares all configuration values."""
    for name, default, type_, description in VALUES:
        app.add_config_value(name, default, "", (type_,), description)
    app.add_config_value(
        "honestdocs_markdown",
        default=True,
        rebuild="html",
        types=(bool,),
        description="Whether each page gets a twin in Markdown.",
    )
    app.add_config_value(
        "honestdocs_history_url", "", "", (str, dict), "Where the history can be looked at."
    )
    app.add_config_value(
        "honestdocs_arrows",
        "auto",
        "env",
        ENUM("auto", "request", "response"),
        "What < stands for in :<json: and :<header:.",
    )


def check_values(app: Sphinx, config: Config) -> None:
    """Sphinx's ``config-inited``: a wrong setting stops the build with one message."""
    try:
        services(config, Path(app.confdir))
        parse_addresses(config.honestdocs_history_url, "conf.py: honestdocs_history_url")
        parse_origin(config[ORIGIN])
    except ConfigurationError as error:
        raise ConfigError(str(error)) from error


def services(config: Config, folder: Path) -> tuple[Service, ...]:
    """All declared services. Raises ConfigurationError."""
    found = parse_services(config.honestdocs_services, "conf.py: honestdocs_services")
    if config.honestdocs_config:
        found += load_services(folder / str(config.honestdocs_config))
    names = [service.name for service in found]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(f"conf.py: service {name!r} is declared twice")
    return found


def load_services(path: Path) -> tuple[Service, ...]:
    """The services of a TOML file, ``[services.NAME]`` each.

    Setup and certificate files are found relative to the file's own folder.
    Raises ConfigurationError.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise ConfigurationError(f"{path}: cannot be read: {reason}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: is no TOML: {error}") from error
    for key in data:
        if key not in {"services", "links"}:
            raise ConfigurationError(f"{path}: unknown table {key!r}; known are services and links")
    return tuple(
        _located(s, path.parent) for s in parse_services(data.get("services", {}), str(path))
    )


def _located(service: Service, folder: Path) -> Service:
    setup = str(folder / service.setup) if service.setup else ""
    ca_file = str(folder / service.ca_file) if service.ca_file else ""
    pages = {pattern: str(folder / name) for pattern, name in service.page_setup.items()}
    return replace(service, setup=setup, page_setup=pages, ca_file=ca_file)


def settings_of(service: Service) -> dict[str, object]:
    """A service as the mapping that declares it; relative paths start at the current folder."""
    here = Path.cwd()
    found: dict[str, object] = {
        each.name: getattr(service, each.name) for each in fields(service) if each.name != "name"
    }
    found["page_setup"] = {pattern: str(here / f) for pattern, f in service.page_setup.items()}
    for name in ("setup", "ca_file"):
        found[name] = str(here / str(found[name])) if found[name] else ""
    found["cwd"] = str(here / service.cwd)
    return found
