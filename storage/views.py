"""Views for other programs: the same facts under stable names, times as UTC text (``2026-09-18T10:00:00Z``).

Tables may change with any version; a view keeps its name and its columns, and new ones are added at its end. They hold
everything of every project: whoever reads them reads past all roles, so give the account that does no more than these.
"""

from __future__ import annotations

import re

VIEWS: tuple[tuple[str, str], ...] = (
    (
        "bi_project",
        "SELECT id AS project_id, name, launch, zone, country, state, utc(created_at) AS created_at FROM project",
    ),
    (
        "bi_member",
        "SELECT m.project_id, m.person_id, p.name, m.role, utc(m.joined_at) AS joined_at "
        "FROM member m JOIN person p ON p.id = m.person_id",
    ),
    (
        "bi_task",
        "SELECT t.id AS task_id, t.project_id, p.name AS project, 'T' || t.number AS ref, t.title, t.owner_id, "
        "o.name AS owner, t.state, t.progress, t.priority, t.start AS start_day, t.due AS due_day, t.due_minute, "
        "t.days AS planned_days, t.stage, t.parent_id AS parent_task_id, utc(t.created_at) AS created_at, "
        "utc(t.started_at) AS started_at, utc(t.closed_at) AS closed_at, t.label AS state_name "
        "FROM task t JOIN project p ON p.id = t.project_id LEFT JOIN person o ON o.id = t.owner_id "
        "WHERE t.state <> 'undone'",
    ),
    (
        "bi_task_tag",
        "SELECT g.task_id, t.project_id, g.tag FROM task_tag g JOIN task t ON t.id = g.task_id",
    ),
    (
        "bi_task_event",
        "SELECT e.id AS event_id, e.task_id, t.project_id, 'T' || t.number AS ref, utc(e.at) AS at, e.actor_id, "
        "a.name AS actor, e.field, e.before AS from_value, e.after AS to_value, e.note, "
        "c.platform, c.name AS chat, e.message_id FROM task_event e JOIN task t ON t.id = e.task_id "
        "LEFT JOIN person a ON a.id = e.actor_id LEFT JOIN chat c ON c.id = e.chat_id",
    ),
    (
        "bi_milestone",
        "SELECT m.id AS milestone_id, m.project_id, 'M' || m.number AS ref, m.title, m.due AS due_day, m.owner_id, "
        "o.name AS owner, m.state, utc(m.created_at) AS created_at, utc(m.closed_at) AS closed_at "
        "FROM milestone m LEFT JOIN person o ON o.id = m.owner_id WHERE m.state <> 'undone'",
    ),
    (
        "bi_dependency",
        "SELECT l.project_id, l.after_kind || COALESCE(t.number, m.number) AS ref, "
        "l.before_kind || COALESCE(b.number, n.number) AS needs_ref, l.kind, l.lag AS lag_days FROM link l "
        "LEFT JOIN task t ON l.after_kind = 'T' AND t.id = l.after_id "
        "LEFT JOIN milestone m ON l.after_kind = 'M' AND m.id = l.after_id "
        "LEFT JOIN task b ON l.before_kind = 'T' AND b.id = l.before_id "
        "LEFT JOIN milestone n ON l.before_kind = 'M' AND n.id = l.before_id",
    ),
    (
        "bi_number",
        "SELECT g.id AS number_id, COALESCE(t.project_id, m.project_id) AS project_id, "
        "g.kind || COALESCE(t.number, m.number) AS ref, g.name, g.week AS week_day, g.value, g.words, "
        "utc(g.at) AS at, g.by AS given_by_id, p.name AS given_by FROM number g JOIN person p ON p.id = g.by "
        "LEFT JOIN task t ON g.kind = 'T' AND t.id = g.subject_id "
        "LEFT JOIN milestone m ON g.kind = 'M' AND m.id = g.subject_id",
    ),
    (
        "bi_weekly",
        "SELECT project_id, first AS first_day, last AS last_day, due AS tasks_due, done AS tasks_done, "
        "deviation AS deviation_percent, utc(at) AS sent_at FROM weekly",
    ),
    (
        "bi_daily",
        "SELECT d.id AS daily_id, d.project_id, d.day, d.person_id, p.name, d.done AS today, d.plan AS tomorrow, "
        "d.blocked AS blockers, d.standing, d.version, utc(d.at) AS handed_in_at "
        "FROM daily d JOIN person p ON p.id = d.person_id WHERE d.state = 'in'",
    ),
    (
        "bi_blocker",
        "SELECT b.id AS blocker_id, b.project_id, 'B' || b.number AS ref, b.day, b.person_id, p.name, b.helper_id, "
        "b.words, b.state, utc(b.opened_at) AS opened_at, utc(b.answered_at) AS answered_at, "
        "utc(b.closed_at) AS closed_at FROM blocker b JOIN person p ON p.id = b.person_id",
    ),
    (
        "bi_approval",
        "SELECT a.id AS approval_id, a.project_id, 'P' || a.number AS ref, a.title, a.requester_id, "
        "p.name AS requester, a.mode, a.round, a.state, utc(a.opened_at) AS opened_at, utc(a.deadline) AS deadline, "
        "utc(a.closed_at) AS closed_at FROM approval a JOIN person p ON p.id = a.requester_id",
    ),
)
_UTC = re.compile(r"utc\(([a-z_.]+)\)")
_TIMES = {
    "sqlite": r"strftime('%Y-%m-%dT%H:%M:%SZ', \1 / 1000, 'unixepoch')",
    "postgresql": r"""to_char(to_timestamp(\1 / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
}


def creating(dialect: str) -> list[str]:
    """The statements that make them. dialect: sqlite or postgresql."""
    return [f"CREATE VIEW {name} AS {_UTC.sub(_TIMES[dialect], body)}" for name, body in VIEWS]


def dropping() -> list[str]:
    """The statements that take them away, so that tables can change; what is not there is passed over."""
    return [f"DROP VIEW IF EXISTS {name}" for name, _ in reversed(VIEWS)]
