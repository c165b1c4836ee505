"""The queue of conversations that a person is to take over."""

import sqlalchemy as sa
from alembic import op

from db import models

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATES = ("waiting", "taken", "done", "timed_out")
OUTCOMES = ("resolved", "accepted", "declined", "saved", "lost", "opt_out", "unreachable")


def upgrade() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="handoffstate", native_enum=False, length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dossier", sa.JSON(), nullable=False),
        sa.Column("asked_at", models.UTCDateTime(), nullable=False),
        sa.Column("waits_until", models.UTCDateTime(), nullable=False),
        sa.Column("taken_at", models.UTCDateTime(), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("ended_at", models.UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="handoffoutcome", native_enum=False, length=24), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_handoff_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_handoff_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
    )
    op.create_index(op.f("ix_handoff_conversation_id"), "handoff", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_handoff_customer_id"), "handoff", ["customer_id"], unique=False)
    op.create_index("ix_handoff_state_id", "handoff", ["state", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_handoff_state_id", table_name="handoff")
    op.drop_index(op.f("ix_handoff_customer_id"), table_name="handoff")
    op.drop_index(op.f("ix_handoff_conversation_id"), table_name="handoff")
    op.drop_table("handoff")
