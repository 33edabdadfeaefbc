"""What can be tried from a page: its operations, each with a request to begin with.

Owns that JSON. The request is the first that the page documents for the operation, else any that
the tree does, else one made of its template. Must not send anything.
"""

from __future__ import annotations

from honestdocs.contract.configuration import service_of
from honestdocs.contract.example import Example
from honestdocs.contract.operation import Location, Operation
from honestdocs.contract.path import local_target
from honestdocs.portal.view import View
from honestdocs.verification.snapshot import Snapshot


def offers(page: str, snapshot: Snapshot) -> list[View]:
    """The operations of a page whose service can be reached."""
    service = service_of(page, snapshot.services)
    if service is None or not service.served:
        return []
    asking = (each for each in snapshot.contract.examples if each.request is not None)
    examples = sorted(asking, key=lambda each: each.page != page)
    return [
        _offer(operation, service.name, examples)
        for operation in snapshot.contract.operations
        if operation.page == page and operation.anchor
    ]


def _offer(operation: Operation, service: str, examples: list[Example]) -> View:
    mine = (each for each in examples if each.operation == operation.key)
    request = next((each.request for each in mine), None)
    method = "GET" if operation.method == "ANY" else operation.method
    begin: View = {"method": method, "target": operation.path, "headers": [], "body": ""}
    if request is not None:
        begin = {
            "method": request.method,
            "target": local_target(request.target),
            "headers": [
                [header.name, header.value]
                for header in request.headers
                if header.name.lower() not in {"host", "content-length"}
            ],
            "body": request.body,
        }
    return {
        "service": service,
        "operation": operation.key,
        "anchor": operation.anchor,
        "query": [each.name for each in operation.named(Location.QUERY)],
        "fields": [each.name for each in operation.named(Location.HEADER)],
        **begin,
    }
