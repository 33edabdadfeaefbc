"""What a check found, told to a person, to a program or to a build server.

Owns the Report and its renderings. Must not know where a rendering is written.
"""

from __future__ import annotations

from honestdocs.verification.report.document import FORMAT, render_json
from honestdocs.verification.report.excerpt import Sources
from honestdocs.verification.report.junit import render_junit
from honestdocs.verification.report.model import PageSummary, Report
from honestdocs.verification.report.progress import Progress
from honestdocs.verification.report.terminal import render
from honestdocs.verification.report.text import fit_encoding

__all__ = [
    "FORMAT",
    "PageSummary",
    "Progress",
    "Report",
    "Sources",
    "fit_encoding",
    "render",
    "render_json",
    "render_junit",
]
