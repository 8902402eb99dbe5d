"""What Schemathesis is told about this platform: instants end in Z, and half of the valid requests are about things that are there.

Loaded by Schemathesis through SCHEMATHESIS_HOOKS; FUZZ_KNOWN names a JSON file of values by property: {"spotId": ["…"]}.
"""

import itertools
import json
import os
from datetime import datetime, timedelta, timezone

import schemathesis
from hypothesis import strategies as st

with open(os.environ["FUZZ_KNOWN"], encoding="utf-8") as file:
    KNOWN = json.load(file)

turn = itertools.count()


def instant(when: datetime) -> str:
    return when.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


schemathesis.openapi.format(
    "date-time",
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(timezone.utc)).map(instant),
)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """`pattern: Z$` with a maxLength is read as "nothing but Zs": the strategy above makes instants that end so anyway."""

    def visit(node):
        if isinstance(node, dict):
            if node.get("format") == "date-time" and node.get("pattern") == "Z$":
                del node["pattern"]
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(raw_schema)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Random ids and times are valid and lead nowhere: every second valid request gets ones that do."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or next(turn) % 2:
        return
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            enliven(part)


def enliven(values: dict) -> None:
    number = next(turn)
    for name, known in KNOWN.items():
        if isinstance(values.get(name), str) and known:
            values[name] = known[number % len(known)]
    start = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    start += timedelta(days=1 + number % 20, hours=number % 7)
    for first, last in (("from", "to"), ("startsAt", "endsAt")):
        if isinstance(values.get(first), str) and isinstance(values.get(last), str):
            values[first] = instant(start)
            values[last] = instant(start + timedelta(hours=1 + number % 4))
