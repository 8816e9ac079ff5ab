"""Schema and constraints only. Importing this package declares every table on ``SQLModel.metadata``."""

from storage.tables import people, road, work

__all__ = ["people", "road", "work"]
