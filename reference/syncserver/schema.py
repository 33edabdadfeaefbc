"""The tables of all services, as the statements need them.

Owns names and types.  Must not know how tables come to be: `migrations` makes and changes them, and
a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData()

FOREVER = 2**53
"""Time of expiry, in seconds since 1970, of what does not expire."""

USERS = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("email", String(64)),
    Column("password", String(255), nullable=False),
    Column("reset_code", String(32)),
    Column("reset_expires", BigInteger),
    # The number of a deleted account is never given out again.
    sqlite_autoincrement=True,
)

CLOCKS = Table(
    "storage_clocks",
    METADATA,
    Column(
        "user_id",
        Integer,
        ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("modified", BigInteger, nullable=False),
)
"""The time of the user's last change, in hundredths of a second; its row is the user's lock."""

COLLECTIONS = Table(
    "storage_collections",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column(
        "user_id",
        Integer,
        ForeignKey("storage_clocks.user_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("name", Text, nullable=False),
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("user_id", "name"),
)

_ID = Text().with_variant(Text(collation="C"), "postgresql")
"""Ordered by its characters, as on SQLite, and not by the rules of some language."""

RECORDS = Table(
    "storage_records",
    METADATA,
    Column(
        "collection_id",
        BigInteger,
        ForeignKey("storage_collections.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("id", _ID, primary_key=True),
    Column("modified", BigInteger, nullable=False),
    Column("sortindex", Integer),
    Column("parentid", Text),
    Column("predecessorid", Text),
    Column("expires", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("storage_records_modified", "collection_id", "modified"),
    Index(
        "storage_records_expires",
        "expires",
        sqlite_where=text(f"expires < {FOREVER}"),
        postgresql_where=text(f"expires < {FOREVER}"),
    ),
)
