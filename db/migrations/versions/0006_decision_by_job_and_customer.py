"""A decision is found by its job and customer together: by the job alone a look-up walks through everybody's."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_decision_job_id_customer_id", "decision", ["job_id", "customer_id"], unique=False)
    op.drop_index("ix_decision_job_id", table_name="decision")


def downgrade() -> None:
    op.create_index("ix_decision_job_id", "decision", ["job_id"], unique=False)
    op.drop_index("ix_decision_job_id_customer_id", table_name="decision")
