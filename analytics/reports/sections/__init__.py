"""The sections of a churn report, each built from the facts by a pure function."""
