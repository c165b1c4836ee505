"""The first schema."""

import sqlalchemy as sa
from alembic import op

from db import models

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", models.UTCDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("running", "done", "failed", "cancelled", name="jobstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("started_at", models.UTCDateTime(), nullable=False),
        sa.Column("updated_at", models.UTCDateTime(), nullable=False),
        sa.Column("finished_at", models.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_job_idempotency_key")),
    )
    op.create_index("ix_job_kind_id", "job", ["kind", "id"], unique=False)
    op.create_table(
        "mapping_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("first_used_at", models.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_mapping_file_sha256")),
    )
    op.create_table(
        "model_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("data_window", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("created_at", models.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_model_version_name_version")),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "offer_type",
            sa.Enum(
                "none",
                "discount",
                "pause",
                "plan_change",
                "free_period",
                "trial_extension",
                "contact",
                "education",
                "bonus",
                name="offertype",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("imported_at", models.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_offer_code_version")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("monthly_revenue", models.Money(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("billing_period", sa.Text(), nullable=True),
        sa.Column("signed_up_on", sa.Date(), nullable=True),
        sa.Column("tenure_months", sa.Double(), nullable=True),
        sa.Column("renewal_date", sa.Date(), nullable=True),
        sa.Column(
            "status", sa.Enum("active", "churned", name="customerstatus", native_enum=False, length=24), nullable=False
        ),
        sa.Column("churned", sa.Boolean(), nullable=True),
        sa.Column("churned_on", sa.Date(), nullable=True),
        sa.Column(
            "churn_kind",
            sa.Enum("voluntary", "involuntary", name="churnkind", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("mapping_id", sa.Integer(), nullable=True),
        sa.Column("created_at", models.UTCDateTime(), nullable=False),
        sa.Column("updated_at", models.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["mapping_id"], ["mapping_file.id"], name=op.f("fk_customer_mapping_id_mapping_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("external_id", name=op.f("uq_customer_external_id")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("started_at", models.UTCDateTime(), nullable=False),
        sa.Column("finished_at", models.UTCDateTime(), nullable=True),
        sa.Column("rows_in", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_updated", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "finished_at IS NULL OR rows_in = rows_new + rows_updated + rows_unchanged + rows_rejected",
            name=op.f("ck_import_batch_reconciled"),
        ),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["mapping_file.id"], name=op.f("fk_import_batch_mapping_id_mapping_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "churn_score",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("churn_probability", sa.Double(), nullable=False),
        sa.Column(
            "risk_band", sa.Enum("low", "medium", "high", name="riskband", native_enum=False, length=24), nullable=False
        ),
        sa.Column("revenue_at_risk", sa.Double(), nullable=True),
        sa.Column("residual_value", sa.Double(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("model_version_id", sa.Integer(), nullable=False),
        sa.Column("observation_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_churn_score_customer_id_customer")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_churn_score_job_id_job")),
        sa.ForeignKeyConstraint(
            ["model_version_id"], ["model_version.id"], name=op.f("fk_churn_score_model_version_id_model_version")
        ),
        sa.PrimaryKeyConstraint("job_id", "customer_id", name=op.f("pk_churn_score")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_churn_score_customer_id", "churn_score", ["customer_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "chat", "phone", "review", "ticket", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum("granted", "denied", "unknown", name="consentstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", models.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_consent_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_customer_id"), "consent", ["customer_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "chat", "phone", "review", "ticket", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("open", "handed_off", "closed", name="conversationstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("handoff_reason", sa.Text(), nullable=True),
        sa.Column("started_at", models.UTCDateTime(), nullable=False),
        sa.Column("updated_at", models.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_conversation_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index(op.f("ix_conversation_customer_id"), "conversation", ["customer_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "chat", "phone", "review", "ticket", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("arm", sa.Enum("treated", "holdout", name="arm", native_enum=False, length=24), nullable=False),
        sa.Column("assignment_probability", sa.Double(), nullable=False),
        sa.Column("offer_code", sa.Text(), nullable=False),
        sa.Column(
            "offer_type",
            sa.Enum(
                "none",
                "discount",
                "pause",
                "plan_change",
                "free_period",
                "trial_extension",
                "contact",
                "education",
                "bonus",
                name="offertype",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("blocked_by", sa.Text(), nullable=True),
        sa.Column("priority", sa.Double(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_at", models.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_decision_customer_id_customer")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_decision_job_id_job")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_customer_id"), "decision", ["customer_id"], unique=False)
    op.create_index("ix_decision_job_id", "decision", ["job_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", models.UTCDateTime(), nullable=False),
        sa.Column("amount", models.Money(), nullable=True),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=True),
        sa.Column("source_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_event_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("source_key", name=op.f("uq_event_source_key")),
    )
    op.create_index("ix_event_customer_id_occurred_at", "event", ["customer_id", "occurred_at"], unique=False)
    op.create_table(
        "experiment_assignment",
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("arm", sa.Enum("treated", "holdout", name="arm", native_enum=False, length=24), nullable=False),
        sa.Column("assignment_probability", sa.Double(), nullable=False),
        sa.Column("assigned_at", models.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_experiment_assignment_customer_id_customer")
        ),
        sa.PrimaryKeyConstraint("experiment", "customer_id", name=op.f("pk_experiment_assignment")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("mrr", models.Money(), nullable=True),
        sa.Column("billing_period", sa.Text(), nullable=True),
        sa.Column("discount_percent", sa.Double(), nullable=True),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_subscription_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_customer_id"), "subscription", ["customer_id"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("address_hash", sa.LargeBinary(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("email", "chat", "phone", "review", "ticket", name="channel", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "opt_out",
                "complaint",
                "hard_bounce",
                "objection",
                "erased",
                "life_event",
                "outcome",
                name="suppressionreason",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("since", models.UTCDateTime(), nullable=False),
        sa.Column("until", models.UTCDateTime(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_suppression_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    op.create_index(op.f("ix_suppression_address_hash"), "suppression", ["address_hash"], unique=False)
    op.create_index(op.f("ix_suppression_customer_id"), "suppression", ["customer_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "chat", "phone", "review", "ticket", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "needs_review",
                "approved",
                "rejected",
                "exported",
                "withheld",
                name="draftstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("backend", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("preheader", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.Column("guard", sa.JSON(), nullable=False),
        sa.Column("created_at", models.UTCDateTime(), nullable=False),
        sa.Column("updated_at", models.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_draft_customer_id_customer")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.decision_id"], name=op.f("fk_draft_decision_id_decision")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_draft_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("job_id", "customer_id", "step", name=op.f("uq_draft_job_id_customer_id_step")),
    )
    op.create_index(op.f("ix_draft_customer_id"), "draft", ["customer_id"], unique=False)
    op.create_index("ix_draft_state_id", "draft", ["state", "id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column(
            "direction", sa.Enum("inbound", "outbound", name="direction", native_enum=False, length=24), nullable=False
        ),
        sa.Column(
            "channel",
            sa.Enum("email", "chat", "phone", "review", "ticket", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("sent_at", models.UTCDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("source_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_message_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("source_key", name=op.f("uq_message_source_key")),
    )
    op.create_index("ix_message_customer_id_sent_at", "message", ["customer_id", "sent_at"], unique=False)
    op.create_table(
        "turn",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("sentiment", sa.Text(), nullable=True),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("created_at", models.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_turn_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "number", name=op.f("pk_turn")),
    )
    op.create_table(
        "draft_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("at", models.UTCDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "needs_review",
                "approved",
                "rejected",
                "exported",
                "withheld",
                name="draftstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "needs_review",
                "approved",
                "rejected",
                "exported",
                "withheld",
                name="draftstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("subject_before", sa.Text(), nullable=True),
        sa.Column("body_before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_step_draft_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
    )
    op.create_index(op.f("ix_draft_step_draft_id"), "draft_step", ["draft_id"], unique=False)
    op.create_table(
        "message_reading",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("negative", sa.Double(), nullable=False),
        sa.Column("neutral", sa.Double(), nullable=False),
        sa.Column("positive", sa.Double(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("intents", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_reading_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", "model", name=op.f("pk_message_reading")),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "accepted",
                "declined",
                "ignored",
                "opened",
                "clicked",
                "retained",
                "canceled",
                name="outcomekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("occurred_at", models.UTCDateTime(), nullable=False),
        sa.Column("amount", models.Money(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_outcome_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_outcome_customer_id_customer")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.decision_id"], name=op.f("fk_outcome_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_outcome_draft_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_customer_id"), "outcome", ["customer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outcome_customer_id"), table_name="outcome")
    op.drop_table("outcome")
    op.drop_table("message_reading")
    op.drop_index(op.f("ix_draft_step_draft_id"), table_name="draft_step")
    op.drop_table("draft_step")
    op.drop_table("turn")
    op.drop_index("ix_message_customer_id_sent_at", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_draft_state_id", table_name="draft")
    op.drop_index(op.f("ix_draft_customer_id"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_suppression_customer_id"), table_name="suppression")
    op.drop_index(op.f("ix_suppression_address_hash"), table_name="suppression")
    op.drop_table("suppression")
    op.drop_index(op.f("ix_subscription_customer_id"), table_name="subscription")
    op.drop_table("subscription")
    op.drop_table("experiment_assignment")
    op.drop_index("ix_event_customer_id_occurred_at", table_name="event")
    op.drop_table("event")
    op.drop_index("ix_decision_job_id", table_name="decision")
    op.drop_index(op.f("ix_decision_customer_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_conversation_customer_id"), table_name="conversation")
    op.drop_table("conversation")
    op.drop_index(op.f("ix_consent_customer_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index("ix_churn_score_customer_id", table_name="churn_score")
    op.drop_table("churn_score")
    op.drop_table("import_batch")
    op.drop_table("customer")
    op.drop_table("setting")
    op.drop_table("offer")
    op.drop_table("model_version")
    op.drop_table("mapping_file")
    op.drop_index("ix_job_kind_id", table_name="job")
    op.drop_table("job")
    op.drop_table("audit_event")
