"""The tables of the storage: a clock for each user, collections, records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _create_collections()
    _create_records()


def _create_collections() -> None:
    op.create_table(
        "storage_clocks",
        sa.Column(
            "user_id",
            sa.Integer,
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("modified", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "storage_collections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column(
            "user_id",
            sa.Integer,
            sa.ForeignKey("storage_clocks.user_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("modified", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("user_id", "name"),
    )


def _create_records() -> None:
    op.create_table(
        "storage_records",
        sa.Column(
            "collection_id",
            sa.BigInteger,
            sa.ForeignKey("storage_collections.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("id", ID, primary_key=True),
        sa.Column("modified", sa.BigInteger, nullable=False),
        sa.Column("sortindex", sa.Integer),
        sa.Column("parentid", sa.Text),
        sa.Column("predecessorid", sa.Text),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_index("storage_records_modified", "storage_records", ["collection_id", "modified"])
    ending = sa.text("expires < 9007199254740992")
    op.create_index(
        "storage_records_expires",
        "storage_records",
        ["expires"],
        sqlite_where=ending,
        postgresql_where=ending,
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("storage_records", "storage_collections", "storage_clocks"):
        op.drop_table(name)
