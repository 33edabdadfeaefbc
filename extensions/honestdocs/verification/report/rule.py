"""What each rule demands, in a sentence: formats that list rules tell it beside the rule's name.

Owns those sentences for the rules that are our own. Must not know who broke them.
"""

from __future__ import annotations

_ABOUT = {
    "examples/parse": "A documented message and its body can be read.",
    "examples/operation": "An example shows the operation that it stands with.",
    "examples/credentials": "The credentials are those of the command beside them.",
    "examples/status": "The service answers with the documented status.",
    "examples/unlisted-status": "The operation lists every status that its examples show.",
    "examples/missing-member": "Every documented member is in the answer.",
    "examples/undocumented-member": "Every member of the answer is documented.",
    "examples/type": "A value has the documented JSON type.",
    "examples/length": "An array or a body has the documented length.",
    "examples/missing-header": "Every documented header is in the answer.",
    "examples/header": "A header has the documented value.",
    "examples/value": "A member has the documented value.",
    "examples/body": "The body is the documented one.",
    "examples/impossible-date": "A documented date exists.",
    "examples/disagreement": "Documentation and service agree.",
    "examples/not-checked": "Every example can be checked.",
    "examples/notation": "The notation of the documentation is understood.",
    "examples/unproven-claim": "Answers show every claim, and nothing unclaimed.",
    "links/unresolved": "A link within the documentation leads somewhere.",
    "links/broken": "A link out of the documentation leads somewhere.",
    "links/moved": "A link names the address to which its target moved for good.",
    "links/timeout": "Whoever a link leads to answers in time.",
    "links/rate-limited": "Whoever a link leads to answers the check.",
    "spelling/misspelling": "Words are spelled as codespell's dictionary has them.",
}


def about(rule: str) -> str:
    """The sentence for a rule such as ``examples/status``; of those that another tool brings,
    its name in words.
    """
    check, _, name = rule.partition("/")
    return _ABOUT.get(rule) or f"{check.capitalize()}: {name.replace('-', ' ')}."
