"""The report as JUnit XML, which build servers read: ``honestdocs check --junit FILE``.

Owns the mapping: a page is a test suite, an example a test case, and the claims of a page that
need no server are one more. Each other check is a suite with a case for each file. Must not know
where the document is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from honestdocs.contract.example import Example
from honestdocs.contract.finding import Finding, Ruling
from honestdocs.contract.outcome import Lie, Mismatch, Outcome, Result, worst
from honestdocs.verification.report.document import timestamp
from honestdocs.verification.report.model import PageSummary, Report
from honestdocs.verification.report.phrase import phrase
from honestdocs.verification.report.story import request_line

STATIC = "static claims"
"""The name of the test case for what is found on a page without a server."""

_ELEMENTS = {Outcome.FAILED: "failure", Outcome.ERROR: "error", Outcome.SKIPPED: "skipped"}

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: Report) -> str:
    """The document as text: well-formed, since what XML 1.0 forbids is left out."""
    pages, lies = report.pages(), report.lies_by_page()
    counts = _counts(pages)
    for name, number in _ruling_counts(report.rulings).items():
        counts[name] += number
    whole = Element("testsuites", _attributes({"name": "honestdocs", **counts}))
    by_page: dict[str, list[Example]] = {}
    for example in report.examples:
        by_page.setdefault(example.page, []).append(example)
    for page in pages:
        examples = by_page.get(page.page, [])
        suite = SubElement(whole, "testsuite", _attributes(_suite(report, page, examples)))
        for example in examples:
            _add_example(suite, report, example)
        file = report.path(examples[0].place) if examples else page.page
        _add_static(suite, report, (page.page, file), lies.get(page.page, ()))
    _add_rulings(whole, report)
    indent(whole)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(whole, encoding="unicode")}\n'


def _suite(report: Report, page: PageSummary, examples: Sequence[Example]) -> dict[str, object]:
    facts: dict[str, object] = {"name": page.page, **_counts((page,))}
    seconds = sum(report.result(example).seconds for example in examples)
    started = timestamp(report.started)
    return facts | {"time": f"{seconds:.3f}"} | ({"timestamp": started} if started else {})


def _add_rulings(whole: Element, report: Report) -> None:
    """A suite for each check besides examples, in it a case for each file or page."""
    for check in dict.fromkeys(ruling.check for ruling in report.rulings):
        rulings = [ruling for ruling in report.rulings if ruling.check is check]
        facts: dict[str, object] = {"name": check.value, **_ruling_counts(rulings)}
        suite = SubElement(whole, "testsuite", _attributes(facts))
        for ruling in rulings:
            _add_ruling(suite, report, ruling)


def _add_ruling(suite: Element, report: Report, ruling: Ruling) -> None:
    first = ruling.findings[0].place.line if ruling.findings else ruling.place.line
    case = _case(suite, ruling.name, ruling.page, report.path(ruling.place), first)
    case.set("time", f"{ruling.seconds:.3f}")
    told = [f for f in ruling.findings if f.fails]
    if ruling.outcome in _ELEMENTS:
        facts = {"message": told[0].message if told else ruling.reason, "type": ruling.check.value}
        element = SubElement(case, _ELEMENTS[ruling.outcome], _attributes(facts))
        element.text = _legal("\n".join(_line(report, finding) for finding in told))
    rest = [f for f in ruling.findings if not f.fails]
    if rest:
        SubElement(case, "system-out").text = _legal("\n".join(_line(report, f) for f in rest))


def _line(report: Report, finding: Finding) -> str:
    told = f"{report.at(finding.place)}: {finding.rule}: {finding.message}"
    return f"{told}\n    fix: {finding.advice}" if finding.advice else told


def _ruling_counts(rulings: Sequence[Ruling]) -> dict[str, int]:
    ended = Counter(ruling.outcome for ruling in rulings)
    return {
        "tests": len(rulings),
        "failures": ended[Outcome.FAILED],
        "errors": ended[Outcome.ERROR],
        "skipped": ended[Outcome.SKIPPED],
    }


def _counts(pages: Sequence[PageSummary]) -> dict[str, int]:
    return {
        "tests": sum(page.tally.total + 1 for page in pages),
        "failures": sum(page.tally.failed + bool(page.lies) for page in pages),
        "errors": sum(page.tally.error for page in pages),
        "skipped": sum(page.tally.skipped for page in pages),
    }


def _add_example(suite: Element, report: Report, example: Example) -> None:
    result = report.result(example)
    label = example.label.strip(" *:")
    name = request_line(example) + (f" ({label})" if label else "")
    case = _case(suite, name, example.page, report.path(example.place), example.place.line)
    case.set("time", f"{result.seconds:.3f}")
    if result.outcome is Outcome.FAILED:
        _add_failure(case, report, result)
    elif result.outcome is Outcome.ERROR:
        reason = result.reason or "it could not be checked"
        SubElement(case, "error", _attributes({"message": reason, "type": "error"}))
    elif result.outcome is Outcome.SKIPPED:
        SubElement(case, "skipped", _attributes({"message": result.reason}))


def _case(suite: Element, name: str, page: str, file: str, line: int | None) -> Element:
    facts: dict[str, object] = {"name": name, "classname": page.replace("/", "."), "file": file}
    if line is not None:
        facts["line"] = line
    return SubElement(suite, "testcase", _attributes(facts))


def _add_failure(case: Element, report: Report, result: Result) -> None:
    mismatches = result.mismatches
    message = phrase(mismatches[0]) if mismatches else result.reason
    grade = result.grade.value if result.grade else "failed"
    failure = SubElement(case, "failure", _attributes({"message": message, "type": grade}))
    failure.text = _legal("\n".join(_told(report, m, phrase(m)) for m in mismatches))


def _add_static(suite: Element, report: Report, page: tuple[str, str], lies: Sequence[Lie]) -> None:
    """The case for what is found without a server; it passes where nothing is."""
    first = lies[0].mismatch.place if lies else None
    line = first.line if first else None
    case = _case(suite, STATIC, page[0], report.path(first) if first else page[1], line)
    case.set("time", "0.000")
    false = [lie for lie in lies if not lie.warning]
    if false:
        grade = worst(lie.mismatch.grade for lie in false)
        facts = {"message": false[0].message, "type": str(grade)}
        SubElement(case, "failure", _attributes(facts)).text = _legal(_list(report, false))
    warnings = [lie for lie in lies if lie.warning]
    if warnings:
        SubElement(case, "system-out").text = _legal(_list(report, warnings))


def _list(report: Report, lies: Iterable[Lie]) -> str:
    return "\n".join(_told(report, lie.mismatch, lie.message) for lie in lies)


def _told(report: Report, mismatch: Mismatch, message: str) -> str:
    told = f"{report.at(mismatch.place)}: {mismatch.grade.value}: {message}"
    return f"{told}\n    fix: {mismatch.fix}" if mismatch.fix not in ("", message) else told


def _attributes(values: Mapping[str, object]) -> dict[str, str]:
    return {name: _legal(str(value)) for name, value in values.items()}


def _legal(text: str) -> str:
    """The text without what XML 1.0 cannot hold (section 2.2)."""
    return _ILLEGAL.sub("", text)
