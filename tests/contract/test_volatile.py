"""Values that a server makes up: which are, which never are, and when two are of one kind."""

from __future__ import annotations

import base64
import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from honestdocs.contract.volatile import (
    VolatileKind,
    common_kind,
    header_kind,
    kind_of,
    same_content_type,
    same_list,
)

UUID, OTHER_UUID = "89881454-e4e9-4ef0-99a9-404d95900352", "fec930f1-4e30-5b1c-2a63-0fafbe508d48"
MD5, OTHER_MD5 = "9cae1b2d0f2b7d09bcf5c1bf51544274", "d41d8cd98f00b204e9800998ecf8427e"
MILLISECONDS, OTHER_MILLISECONDS = 1434646943915, 1767225600123
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl"
OTHER_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln"
BCRYPT = "$2b$12$zlTlYet5v.v57ak2gEYyoeqKSGzLvwXF/.v3DGpT/q69LecHv68gm"
OTHER_BCRYPT = "$2b$10$c12ui4O/z9gmVpGe1NMG2.Sb4zdw9p20oka2Seg3Xqq9rDpNR5HoW"
IMF, OTHER_IMF = "Thu, 18 Jun 2015 17:02:23 GMT", "Fri, 02 Jan 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (UUID, VolatileKind.UUID),
        (UUID.upper(), VolatileKind.UUID),
        ("2015-06-18T15:19:10Z", VolatileKind.DATE_TIME),
        ("2016-07-20T11:18:36.530281", VolatileKind.DATE_TIME),
        ("2015-06-18 15:19", VolatileKind.DATE_TIME),
        ("2015-06-18T15:19:10.5+02:00", VolatileKind.DATE_TIME),
        ("20150618T151910Z", VolatileKind.DATE_TIME),
        ("2015-06-18", VolatileKind.DATE),
        (IMF, VolatileKind.HTTP_DATE),
        ("Thursday, 18-Jun-15 17:02:23 GMT", VolatileKind.HTTP_DATE),
        ("Thu Jun 18 17:02:23 2015", VolatileKind.HTTP_DATE),
        ("Thu Jul 16 16:44:15 CEST 2015", VolatileKind.HTTP_DATE),
        ("Thu, 18 Jun 2015 17:02:23 +0000", VolatileKind.HTTP_DATE),
        (1323456789, VolatileKind.EPOCH_SECONDS),
        (1323456789.12, VolatileKind.EPOCH_SECONDS),
        ("1323456789.12", VolatileKind.EPOCH_SECONDS),
        (MILLISECONDS, VolatileKind.EPOCH_MILLISECONDS),
        (str(MILLISECONDS), VolatileKind.EPOCH_MILLISECONDS),
        (1393425442123456, VolatileKind.EPOCH_MICROSECONDS),
        (MD5, VolatileKind.HEX),
        (MD5.upper(), VolatileKind.HEX),
        ("507f1f77bcf86cd799439011", VolatileKind.HEX),
        ("00f067aa0ba902b7", VolatileKind.HEX),
        ("XNmXEZhGfNaYltbCKustGunTbH0r8Gkp", VolatileKind.BASE64),
        ("cGFydG5lcl9pZD00NDcwMDk1Mg==", VolatileKind.BASE64),
        ("V1StGXR8_Z5jdHi6B-myT", VolatileKind.BASE64),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", VolatileKind.ULID),
        (JWT, VolatileKind.JWT),
        (f'"{MILLISECONDS}"', VolatileKind.ETAG),
        (f'W/"{MD5}"', VolatileKind.ETAG),
        (f"1-{MD5}", VolatileKind.REVISION),
        ("292786-g1AAAAF3eJzLYWBg4MhgTmEQ", VolatileKind.REVISION),
        (BCRYPT, VolatileKind.HASH),
        ("http://localhost:8888/v1/", VolatileKind.URL),
        (f"/buckets/blog/records/{UUID}", VolatileKind.URL),
        ("/articles/409", VolatileKind.URL),
    ],
)
def test_a_generated_value_is_told_by_its_looks(value: str | float, kind: VolatileKind) -> None:
    assert kind_of(value) is kind
    assert common_kind(value, value) is kind


@pytest.mark.parametrize(
    "value",
    [
        *("", "blog", "hello", "bob", "active", "Midnight in Paris", "read_only", "en-GB"),
        *("1.7.0", "1.7.0.dev0", "v2", "10.0.0.1", "2b", "12345678", "0123456789", "+49 30 123456"),
        *("deadbeef", "facade", "cafebabecafebabe", "0000000000000000", "deadbeef01", "ff8800"),
        *("account:bob", "system.Authenticated", "record:create", "application/json", "UTF-8"),
        *("unauthorized_client_error", "batch_max_requests", "XMLHttpRequestEventTarget"),
        *("TheQuickBrownFoxJumpsOverDogs", "OAuth2LoginV2Api", "ECDHE-RSA-AES128-GCM-SHA256"),
        *("kinto-v13-beta2-rc1-final", "/buckets/blog", "/openid/auth0/login", '"hello-world"'),
        *("2015-13-01", "2015-06-18T", "25 Jun 2015", "x" * 5000, "9" * 5000, "Bearer", "a/b"),
        *(0, 1, 25, 404, -1, 9.99, 3.5, 65535, 1_000_000, 12345678, 2147483647, 1073741824),
        *(1_500_000_000, 4_294_967_295, 1099511627776, 9007199254740991, 1e300, -1434646943.0),
        *(float("inf"), float("nan"), True, False, None, [1], {"a": 1}),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_ordinary_values_are_never_generated_by_their_looks(value: object) -> None:
    assert kind_of(value) is None
    assert common_kind(value, value) is None


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("id", 411, VolatileKind.NUMBER),
        ("_id", 0, VolatileKind.NUMBER),
        ("userId", 12345, VolatileKind.NUMBER),
        ("user_ids", "12345", VolatileKind.NUMBER),
        ("UID", 7, VolatileKind.NUMBER),
        ("X-Request-Id", "3e6ffb0e2e", VolatileKind.HEX),
        ("id", "3f2c9a1b", VolatileKind.HEX),
        ("id", "wZjuQfpS", VolatileKind.IDENTIFIER),
        ("id", "fm64GtdA", VolatileKind.IDENTIFIER),
        ("id", "-F_Szdjg3GzY", VolatileKind.IDENTIFIER),
        ("next_cursor", "b2Zmc2V0MTA", VolatileKind.IDENTIFIER),
        ("_rev", "2-9a", VolatileKind.REVISION),
        ("update_seq", 292786, VolatileKind.NUMBER),
        ("etag", '"v1"', VolatileKind.ETAG),
        ("If-Match", 'W/"v1"', VolatileKind.ETAG),
        ("timestamp", 1_500_000_000, VolatileKind.EPOCH_SECONDS),
        ("expires", "4000000000", VolatileKind.EPOCH_SECONDS),
        ("last_modified", 1434646943000, VolatileKind.EPOCH_MILLISECONDS),
        ("createdAt", 1_500_000_000_000, VolatileKind.EPOCH_MILLISECONDS),
        ("instance_start_time", "1393425442000000", VolatileKind.EPOCH_MICROSECONDS),
        ("took", 20, VolatileKind.DURATION),
        ("elapsed_ms", 0.25, VolatileKind.DURATION),
        ("X-CouchDB-Body-Time", 0, VolatileKind.DURATION),
    ],
)
def test_a_name_is_evidence_for_what_looks_ordinary(
    name: str, value: str | float, kind: VolatileKind
) -> None:
    assert kind_of(value, name=name) is kind


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "blog"),
        ("id", "scores"),
        ("id", "deadbeef"),
        ("id", "alice-friends"),
        ("id", "servicedenuages-blog"),
        ("id", "account:bob"),
        ("id", "myNewBucket"),
        ("id", True),
        ("id", -1),
        ("id", 1.5),
        ("token_type", "Bearer"),
        ("token", "secret"),
        ("expires_in", 3600),
        ("time", 12),
        ("size", 1323456789),
        ("quota", "1323456789"),
        ("phone", 2025550123),
        ("birthday", "1990-01-31"),
        ("status", 200),
        ("errno", 107),
        ("created_by", "FxOS"),
        ("last_name", "Smith"),
        ("duration", 300),
    ],
)
def test_a_name_alone_is_no_evidence(name: str, value: object) -> None:
    assert kind_of(value, name=name) is None


@pytest.mark.parametrize(
    ("documented", "observed", "name", "kind"),
    [
        (UUID, OTHER_UUID, "", VolatileKind.UUID),
        (UUID, OTHER_UUID.upper(), "", VolatileKind.UUID),
        ("2015-06-18T15:19:10Z", "2026-01-02T00:00:00.123+00:00", "", VolatileKind.DATE_TIME),
        ("2015-06-18T15:19:10", "2026-01-02T00:00:00.123", "", VolatileKind.DATE_TIME),
        ("2015-06-18", "2026-01-02", "", VolatileKind.DATE),
        (IMF, OTHER_IMF, "", VolatileKind.HTTP_DATE),
        (1323456789, 1767225600.5, "", VolatileKind.EPOCH_SECONDS),
        (MILLISECONDS, OTHER_MILLISECONDS, "", VolatileKind.EPOCH_MILLISECONDS),
        (MD5, OTHER_MD5, "", VolatileKind.HEX),
        (MD5, "1" * 32, "", VolatileKind.HEX),
        ("00f067aa0ba902b7", "deadbeefcafebabe", "", VolatileKind.HEX),
        ("3f2c9a1b", "12345678", "id", VolatileKind.HEX),
        ("3f2c9a1b", "deadbeef", "id", VolatileKind.HEX),
        ("XNmXEZhGfNaYltbCKustGunT", "bH0r8GkpXNmXEZhGfNaYltbCKust", "", VolatileKind.BASE64),
        ("ch_3MmlLrLkdIwHu7ix0snN0B15", "ch_1NirD82eZvKYlo2CIvbtLWuY", "", VolatileKind.BASE64),
        (JWT, OTHER_JWT, "", VolatileKind.JWT),
        (BCRYPT, OTHER_BCRYPT, "password", VolatileKind.HASH),
        (f"1-{MD5}", f"12-{OTHER_MD5}", "", VolatileKind.REVISION),
        ("1-9a", "2-b0", "_rev", VolatileKind.REVISION),
        (f'"{MILLISECONDS}"', f'"{OTHER_MILLISECONDS}"', "", VolatileKind.ETAG),
        (409, 412, "id", VolatileKind.NUMBER),
        (9, 1434646943, "id", VolatileKind.NUMBER),
        ("wZjuQfpS", "vAQSwSca", "id", VolatileKind.IDENTIFIER),
        ("wZjuQfpS", "kdwmzhpt", "id", VolatileKind.IDENTIFIER),
        (20, 3, "took", VolatileKind.DURATION),
    ],
)
def test_two_values_of_one_kind_and_format_are_alike(
    documented: str | float, observed: str | float, name: str, kind: VolatileKind
) -> None:
    assert common_kind(documented, observed, name=name) is kind
    assert common_kind(observed, documented, name=name) is kind


@pytest.mark.parametrize(
    ("documented", "observed", "name"),
    [
        (UUID, MD5, ""),
        (UUID, "none", ""),
        ("2015-06-18T15:19:10Z", "2015-06-18T15:19:10", ""),
        ("2015-06-18T15:19:10Z", "2015-06-18 15:19:10Z", ""),
        ("2015-06-18T15:19:10Z", "20150618T151910Z", ""),
        ("2015-06-18T15:19:10Z", "2015-06-18", ""),
        (IMF, "2015-06-18T15:19:10Z", ""),
        (IMF, "Thu Jun 18 17:02:23 2015", ""),
        (1323456789, 1323456789123, ""),
        (1323456789123, 1323456789123456, ""),
        (1323456789, "1323456789", ""),
        (1323456789, True, ""),
        (True, False, "id"),
        (409, 412, ""),
        (MD5, "da39a3ee5e6b4b0d3255bfef95601890afd80709", ""),
        (MD5, OTHER_MD5.upper(), ""),
        (MD5, "administrator-account-of-bob", ""),
        ("XNmXEZhGfNaYltbCKustGunT", "XNmXEZhGfNaYltbCKustGunTXNmXEZhGfNaYltbCKustGunT", ""),
        ("XNmXEZhGfNaYltbCKustGunT", "a-configuration-word-xyz", ""),
        (BCRYPT, BCRYPT.replace("$2b$", "$argon2id$"), ""),
        (f'"{MILLISECONDS}"', f'W/"{MILLISECONDS}"', ""),
        ("blog", "tasks", "id"),
        ("wZjuQfpS", "kdwmzhptkdwmzhpt", "id"),
        ("hello", "world", ""),
        ("12 monkeys are here", "13 monkeys are here", ""),
        (None, None, "id"),
    ],
)
def test_values_of_two_kinds_or_formats_are_not_alike(
    documented: object, observed: object, name: str
) -> None:
    assert common_kind(documented, observed, name=name) is None
    assert common_kind(observed, documented, name=name) is None


@pytest.mark.parametrize(
    ("documented", "observed", "kind"),
    [
        (f"urn:uuid:{UUID}", f"urn:uuid:{OTHER_UUID}", VolatileKind.UUID),
        (f"Order {UUID} accepted", f"Order {OTHER_UUID} accepted", VolatileKind.UUID),
        ("Order 3f2c9a1b accepted", "Order 77aa01fe accepted", VolatileKind.HEX),
        ("articles@1469006098757", "articles@1767225600123", VolatileKind.EPOCH_MILLISECONDS),
        (f"Seen {IMF}.", f"Seen {OTHER_IMF}.", VolatileKind.HTTP_DATE),
        (f"{UUID} at 2015-06-18", f"{OTHER_UUID} at 2026-01-02", VolatileKind.UUID),
        (f"At {MILLISECONDS}, kept {UUID}", f"At {OTHER_MILLISECONDS}, kept {UUID}",
         VolatileKind.EPOCH_MILLISECONDS),
        ("/a?_token=3f2c9a1b", "/a?_token=77aa01fe", VolatileKind.HEX),
        ("See http://localhost/a/1 now", "See http://127.0.0.1:81/a/2 now", VolatileKind.URL),
    ],
)  # fmt: skip
def test_generated_parts_in_equal_texts_are_alike(
    documented: str, observed: str, kind: VolatileKind
) -> None:
    assert common_kind(documented, observed) is kind
    assert common_kind(observed, documented) is kind


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        (f"Order {UUID} accepted", f"Order {OTHER_UUID} rejected"),
        (f"Order {UUID} accepted", "Order 1434646943915 accepted"),
        (f"{UUID} {UUID}", OTHER_UUID),
        ("Order 3f2c9a1b accepted", "Order 77aa01fe99 accepted"),
        ("Found 12 of 30 records", "Found 13 of 30 records"),
    ],
)
def test_texts_that_differ_elsewhere_are_not_alike(documented: str, observed: str) -> None:
    assert common_kind(documented, observed) is None
    assert common_kind(observed, documented) is None


SERVICE = ("https://kinto.invented.io", "http://127.0.0.1:40001/base")


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ("http://localhost:8888/v1/", "http://127.0.0.1:40001/v1/"),
        ("http://localhost:8888", "http://127.0.0.1:40001/"),
        ("http://api.example.com/a", "https://localhost/a"),
        ("https://kinto.invented.io/v1/a", "http://localhost/v1/a"),
        ("https://kinto.invented.io/v1/a/1", "http://127.0.0.1:40001/base/v1/a/2"),
        ("https://KINTO.invented.io/v1/a", "http://127.0.0.1:40001/v1/a"),
        ("https://cdn.invented.org/f/409", "https://cdn.invented.org/f/412"),
        (f"https://cdn.invented.org/{UUID}", f"https://cdn.invented.org/{OTHER_UUID}"),
        ("/groups/wZjuQfpS", "/groups/kdwmzhpt"),
        ("/a/1", "/a/2"),
        ("/a/1?b=2&_since=1434646943", "/a/2?_since=1767225600&b=2"),
        (f"/a/1#{UUID}", f"/a/1#{OTHER_UUID}"),
    ],
)
def test_urls_of_the_service_are_alike(documented: str, observed: str) -> None:
    assert common_kind(documented, observed, origins=SERVICE) is VolatileKind.URL
    assert common_kind(observed, documented, origins=SERVICE) is VolatileKind.URL


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ("https://mozilla.org", "https://mozilla.com"),
        ("https://mozilla.org/a", "http://127.0.0.1:40001/a"),
        ("http://cdn.invented.org/a", "https://cdn.invented.org/a"),
        ("http://localhost/v1/", "http://localhost/v2/"),
        ("http://localhost/1.5/a", "http://localhost/2.0/a"),
        ("http://localhost/a/blog", "http://localhost/a/tasks"),
        ("http://localhost/a/1", "http://localhost/a/1/b"),
        ("http://localhost/a?b=1", "http://localhost/a?c=1"),
        ("http://localhost/a?limit=10", "http://localhost/a?limit=20"),
        ("http://localhost/a?b=1", "http://localhost/a"),
        ("http://localhost/a/1", "/a/1"),
        ("/a/1", "/b/2"),
    ],
)
def test_urls_of_another_shape_or_host_are_not_alike(documented: str, observed: str) -> None:
    assert common_kind(documented, observed, origins=SERVICE) is None
    assert common_kind(observed, documented, origins=SERVICE) is None


@pytest.mark.parametrize(
    ("name", "documented", "observed", "kind"),
    [
        ("Date", IMF, OTHER_IMF, VolatileKind.HTTP_DATE),
        ("last-modified", IMF, OTHER_IMF, VolatileKind.HTTP_DATE),
        ("Expires", IMF, OTHER_IMF, VolatileKind.HTTP_DATE),
        ("ETag", '"a"', '"b"', VolatileKind.ETAG),
        ("Etag", 'W/"a"', 'W/"b"', VolatileKind.ETAG),
        ("Server", "waitress", "nginx/1.4.6 (Ubuntu)", VolatileKind.SERVER),
        ("Via", "1.1 a", "1.1 b", VolatileKind.SERVER),
        ("X-Powered-By", "PHP/5", "PHP/8", VolatileKind.SERVER),
        ("Set-Cookie", "s=a1; Path=/; HttpOnly", "s=b2; httponly; path=/", VolatileKind.COOKIE),
        ("Set-Cookie", f"s=a; Expires={IMF}", f"s=b; expires={OTHER_IMF}", VolatileKind.COOKIE),
        ("Location", "/a/1", "/a/2", VolatileKind.URL),
        ("Location", "http://localhost:5984/db", "http://127.0.0.1:1/db", VolatileKind.URL),
        ("X-Weave-Timestamp", "1323456789.12", "1767225600.5", VolatileKind.EPOCH_SECONDS),
        ("X-Last-Modified", "1323456789.12", "1767225600.5", VolatileKind.EPOCH_SECONDS),
        ("X-Request-ID", "abc", "7bb1cbd2d2", VolatileKind.IDENTIFIER),
        ("X-Amzn-RequestId", "abc", "7bb1cbd2d2", VolatileKind.IDENTIFIER),
        ("X-Correlation-Id", "abc", "7bb1cbd2d2", VolatileKind.IDENTIFIER),
        ("traceparent", f"00-{MD5}-00f067aa0ba902b7-01", f"00-{OTHER_MD5}-b7ad6b7169203331-00",
         VolatileKind.IDENTIFIER),
        ("Age", "0", "3600", VolatileKind.DURATION),
        ("Retry-After", "120", "30", VolatileKind.DURATION),
        ("Retry-After", IMF, OTHER_IMF, VolatileKind.HTTP_DATE),
        ("X-Runtime", "0.003", "0.102", VolatileKind.DURATION),
        ("X-RateLimit-Remaining", "49", "48", VolatileKind.COUNTER),
        ("RateLimit-Reset", "30", "29", VolatileKind.COUNTER),
        ("X-Rate-Limit-Reset", "1434646943", "1767225600", VolatileKind.COUNTER),
        ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==", "XrY7u+Ae7tCTyyK7j1rNww==",
         VolatileKind.BASE64),
        ("Digest", "SHA-256=abc=", "sha-256=def=", VolatileKind.BASE64),
        ("Link", '<http://localhost/a/1>; rel="next"', '<http://127.0.0.1:1/a/2>; rel="next"',
         VolatileKind.URL),
        ("Next-Page", "http://localhost:8888/v1/a?_limit=2", "http://127.0.0.1/v1/a?_limit=2",
         VolatileKind.URL),
    ],
)  # fmt: skip
def test_a_field_that_the_server_makes_up_is_alike(
    name: str, documented: str, observed: str, kind: VolatileKind
) -> None:
    assert header_kind(name, documented, observed) is kind
    assert header_kind(name, observed, documented) is kind


@pytest.mark.parametrize(
    ("name", "documented", "observed"),
    [
        ("Date", IMF, "today"),
        ("Expires", IMF, "0"),
        ("ETag", '"a"', 'W/"a"'),
        ("ETag", '"a"', "a"),
        ("Server", "waitress", ""),
        ("Set-Cookie", "s=a; Path=/", "t=a; Path=/"),
        ("Set-Cookie", "s=a; Path=/; HttpOnly", "s=a; Path=/"),
        ("Set-Cookie", "s=a; Path=/", "s=a; Path=/admin"),
        ("Set-Cookie", "s=a", 's=""'),
        ("Location", "/a/blog", "/a/tasks"),
        ("Location", "/a/1", "http://localhost/a/1"),
        ("X-RateLimit-Limit", "50", "60"),
        ("X-RateLimit-Reset", "1434646943", "12"),
        ("Retry-After", "120", IMF),
        ("Digest", "SHA-256=abc=", "MD5=def="),
        ("Total-Objects", "33", "34"),
        ("Backoff", "10", "20"),
        ("Content-Type", "text/html", "text/plain"),
        ("X-Content-Type-Options", "nosniff", "none"),
    ],
)
def test_any_other_difference_between_fields_is_one(
    name: str, documented: str, observed: str
) -> None:
    assert header_kind(name, documented, observed) is None
    assert header_kind(name, observed, documented) is None


def test_the_origins_of_the_service_stand_for_each_other_in_a_field() -> None:
    documented, observed = "https://kinto.invented.io/v1/a", "http://127.0.0.1:40001/base/v1/a"
    assert header_kind("Location", documented, observed) is None
    assert header_kind("Location", documented, observed, origins=SERVICE) is VolatileKind.URL


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ("application/json", "application/json"),
        ("application/json; charset=UTF-8", 'Application/JSON;Charset="utf-8"'),
        ("text/plain;a=1;b=2", "text/plain; b=2 ; a=1"),
        ("multipart/form-data; boundary=one", 'multipart/form-data; boundary="two; three"'),
    ],
)
def test_media_types_are_the_same_in_any_spelling(documented: str, observed: str) -> None:
    assert same_content_type(documented, observed)


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ("application/json", "application/json; charset=utf-8"),
        ("application/json; charset=utf-8", "application/json; charset=latin-1"),
        ("application/json", "text/json"),
        ("text/plain; a=b", "text/plain; a=B"),
        ("multipart/form-data; boundary=one", "multipart/form-data"),
    ],
)
def test_media_types_with_other_parameters_differ(documented: str, observed: str) -> None:
    assert not same_content_type(documented, observed)


@pytest.mark.parametrize(
    ("name", "documented", "observed", "same"),
    [
        ("Allow", "GET, PUT", "PUT,GET", True),
        ("Allow", "GET", "get", False),
        ("Allow", "GET, PUT", "GET", False),
        ("Vary", "Accept, Origin", "origin, accept", True),
        ("Access-Control-Expose-Headers", "Alert, Backoff", "Backoff,,Alert", True),
        ("Access-Control-Allow-Methods", "GET, PUT", "PUT, GET", True),
        ("Cache-Control", "no-cache, max-age=0", "Max-Age = 0, no-cache", True),
        ("Cache-Control", 'private="a, b", no-store', 'no-store, private="a, b"', True),
        ("Cache-Control", "max-age=0", "max-age=1", False),
        ("Accept", "a/b, c/d", "c/d, a/b", False),
        ("X-Any", " a ", "a", True),
    ],
)
def test_the_order_of_a_list_is_no_difference_where_it_says_nothing(
    name: str, documented: str, observed: str, *, same: bool
) -> None:
    assert same_list(name, documented, observed) is same
    assert same_list(name, observed, documented) is same


NAMES = st.sampled_from(["", "id", "userId", "etag", "_rev", "last_modified", "took", "size", "x"])
MADE_UP = st.one_of(
    st.uuids().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.dates().map(str),
    st.integers(0, 10**17),
    st.floats(0, 10**16),
    st.binary(min_size=4, max_size=40).map(bytes.hex),
    st.binary(min_size=4, max_size=60).map(lambda data: base64.b64encode(data).decode()),
    st.binary(min_size=4, max_size=60).map(lambda data: base64.urlsafe_b64encode(data).decode()),
    st.integers(0, 10**16).map('"{}"'.format),
    st.integers(0, 10**6).map("http://localhost/a/{}".format),
    st.integers(0, 10**6).map("/a/{0}?b={0}".format),
    st.text(string.ascii_letters + string.digits + "/-_.:?=&#\"'$ ", max_size=40),
    st.text(max_size=20),
)


@given(MADE_UP, MADE_UP, NAMES)
@example("/a?b=http://x", "/a?b=c", "")
def test_alikeness_does_not_depend_on_which_value_is_documented(
    documented: str | float, observed: str | float, name: str
) -> None:
    kind = common_kind(documented, observed, name=name)
    assert common_kind(observed, documented, name=name) is kind


@given(MADE_UP | st.booleans() | st.none(), NAMES)
def test_a_value_is_alike_to_itself_by_its_own_kind(value: object, name: str) -> None:
    assert common_kind(value, value, name=name) is kind_of(value, name=name)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["Set-Cookie", "Link", "X"]))
def test_no_field_value_makes_the_rules_raise(documented: str, observed: str, name: str) -> None:
    kind = header_kind(name, documented, observed)
    assert header_kind(name, observed, documented) is kind
    assert same_content_type(documented, observed) is same_content_type(observed, documented)
    assert same_list("Allow", documented, observed) is same_list("Allow", observed, documented)


@given(st.binary(min_size=12, max_size=12), st.binary(min_size=12, max_size=12))
def test_random_digests_of_one_length_are_alike(documented: bytes, observed: bytes) -> None:
    ours, theirs = documented.hex(), observed.hex()
    assume(any(c.isalpha() for c in ours) and any(c.isdigit() for c in ours))
    assert common_kind(ours, theirs) is VolatileKind.HEX


LETTERS = string.ascii_lowercase + " -_.,:"


@given(st.text(LETTERS, max_size=60), st.text(LETTERS, max_size=60))
def test_words_in_small_letters_are_never_generated(documented: str, observed: str) -> None:
    assert kind_of(documented, name="id") is None
    assert common_kind(documented, observed, name="id") is None


@pytest.mark.parametrize("piece", ["a://b?c=", "/1?x=", "/a/1", "eyJ_", "a.", "1-", '"', "$2b$"])
def test_long_values_are_judged_without_a_crash(piece: str) -> None:
    value = piece * 30_000
    assert common_kind(value, f"{value}1") in {None, *VolatileKind}
