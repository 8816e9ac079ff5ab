"""Customers: each is a task with everything that is done for them below it."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field

from storage.tables.declared import Declared


class CustomerRow(Declared, table=True):
    """``task_id``: what their space hangs on; its owner, state and history are the customer's. ``name``: theirs alone,
    the only words of ours that they are ever shown."""

    __tablename__ = "customer"
    __table_args__ = (Index("ix_customer_project", "project_id"),)
    task_id: int = Field(primary_key=True, foreign_key="task.id")
    project_id: int = Field(foreign_key="project.id")
    name: str


class CustomerPart(Declared, table=True):
    """``part``: signing, training, renewal, survey. ``kind``, ``subject_id``: the milestone (M) or task (T) it is."""

    __tablename__ = "customer_part"
    task_id: int = Field(primary_key=True, foreign_key="customer.task_id")
    part: str = Field(primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    kind: str
    subject_id: int
