"""Read models for screens, reports and jobs: plain dataclasses, never ORM rows."""
