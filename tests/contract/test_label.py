"""Labels announce requests and responses, in several languages."""

from __future__ import annotations

import pytest

from honestdocs.contract.label import calls_request, calls_response, calls_status

REQUESTS = ["Example request", "Request body", "Payload", "Beispiel-Request", "Пример запроса"]
RESPONSES = ["Response (404)", "Returns", "Réponse", "Antwort", "Respuesta", "Ответ сервера"]


@pytest.mark.parametrize("label", [*REQUESTS, "Request that earns an error response"])
def test_a_request_is_announced(label: str) -> None:
    assert calls_request(label)
    assert not calls_response(label)


@pytest.mark.parametrize("label", [*RESPONSES, "Response to such a request"])
def test_a_response_is_announced(label: str) -> None:
    assert calls_response(label)
    assert calls_status(label)
    assert not calls_request(label)


@pytest.mark.parametrize("label", ["", "Example", "Turns and returnees", "For instance"])
def test_other_labels_announce_nothing(label: str) -> None:
    assert not calls_request(label)
    assert not calls_status(label)


def test_a_status_code_announces_a_response_in_a_heading() -> None:
    assert calls_status("404 Not Found")
    assert not calls_status("Version 1.404")
