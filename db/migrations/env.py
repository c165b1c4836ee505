"""Alembic's entry point for `alembic revision --autogenerate`; the product itself runs `runner.upgrade`."""

from alembic import context
from sqlalchemy import create_engine

from db.models import Base

url = context.config.get_main_option("sqlalchemy.url") or "sqlite://"
with create_engine(url).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
