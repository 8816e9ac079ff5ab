"""What comes first in the morning: a milestone today, a long overdue must, what nobody answered, what waits."""

from __future__ import annotations

from planning.agenda import MOST, Point, ordered


def test_the_riskiest_first_and_no_more_than_five() -> None:
    points = [
        Point("approval", 1, 0), Point("blocker", 1, 2), Point("overdue", 1, 1), Point("overdue", 2, 6),
        Point("overdue", 3, 1, must=True), Point("milestone", 1, 3, 2), Point("milestone", 2, 0, 1),
    ]  # fmt: skip
    found, more = ordered(points)
    assert [(point.kind, point.key) for point in found] == [
        ("milestone", 2), ("overdue", 2), ("milestone", 1), ("overdue", 3), ("blocker", 1),
    ]  # fmt: skip
    assert (len(found), more) == (MOST, 2)


def test_what_gets_older_gets_riskier_up_to_a_point() -> None:
    days = [Point("overdue", 1, n).risk for n in range(12)]
    assert days == sorted(days)
    assert days[8] == days[11]
    assert Point("milestone", 1, 1).risk > Point("milestone", 1, 2).risk
    assert ordered([]) == ([], 0)
