"""What the words above a block call it: a request or a response.

Owns those words, in the languages that documentation is written in. Must not know blocks:
what they say themselves is stronger than any label.
"""

from __future__ import annotations

import re

_REQUEST = re.compile(
    r"request|payload|anfrage|requête|requete|solicitud|petici[oó]n|requisição|richiesta"
    r"|запрос|請求|请求|リクエスト|요청",
    re.IGNORECASE,
)
_RESPONSE = re.compile(
    r"response|\breturns?\b|\breply\b|\banswers?\b|antwort|réponse|reponse|respuesta|resposta"
    r"|risposta|ответ|响应|回應|レスポンス|응답",
    re.IGNORECASE,
)
_BODY = re.compile(r"\bbody\b|\bpayload\b|\brumpf\b|\bcorps\b|\bcuerpo\b|тело", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\w.])[1-5]\d\d(?![\w.]*\d)")


def calls_body(label: str) -> bool:
    """Whether a label announces the body of a message, or a part of it that is called so."""
    return _BODY.search(label) is not None


def calls_request(label: str) -> bool:
    """Whether a label announces a request; of both words the first one counts."""
    request, response = _REQUEST.search(label), _RESPONSE.search(label)
    return request is not None and (response is None or request.start() < response.start())


def calls_response(label: str) -> bool:
    """Whether a label announces a response."""
    return _RESPONSE.search(label) is not None and not calls_request(label)


def calls_status(label: str) -> bool:
    """Whether a heading announces a response, be it by its status code only."""
    return calls_response(label) or _STATUS.search(label) is not None
