"""The store: schema, session, repositories, read models, importers."""
