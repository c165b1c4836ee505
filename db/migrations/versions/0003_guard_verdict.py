"""What the guard said of every try to write a text."""

import sqlalchemy as sa
from alembic import op

from db import models

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guard_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", models.UTCDateTime(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("email", "chat", "phone", "review", "ticket", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("release", "refuse", "fell_back", "withheld", name="guardoutcome", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_guard_verdict_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_guard_verdict_customer_id_customer")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_guard_verdict_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_verdict")),
    )
    op.create_index("ix_guard_verdict_at", "guard_verdict", ["at"], unique=False)
    op.create_index(op.f("ix_guard_verdict_customer_id"), "guard_verdict", ["customer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_guard_verdict_customer_id"), table_name="guard_verdict")
    op.drop_index("ix_guard_verdict_at", table_name="guard_verdict")
    op.drop_table("guard_verdict")
