"""What scores say of time: churn within 30, 60 and 90 days, and the expected remaining time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = ("churn_30", "churn_60", "churn_90", "involuntary_90", "expected_days")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("churn_score", sa.Column(name, sa.Double(), nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("churn_score", name)
