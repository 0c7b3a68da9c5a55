# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a plan: JSON that a person can read, and that nobody changes unseen.

Every step has a check over its own values and the plan's. Steps may be taken out: what is left is still
what was planned. One that was added or changed is found. It is no signature: who may write the file and knows
how can make another that fits, and gains nothing by it, since apply judges every mailbox again.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mailaudit.sweep.indented import pieces
from mailpolicy.clocks.coverage import Coverage
from mailpolicy.clocks.step import StepKind
from mailpolicy.files.problems import BadFile, Problem, Problems, UnreadableFile

FORMAT = "postwarden-sweep-plan-1"
LATER = ("plan", "steps", "not_in_directory")
"""What the identifier is not made of: itself, what may be taken out, and what is told beside."""
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
A_PLAN = "a plan as `mailaudit sweep plan --out` writes it"
UNCHANGED = "what was planned: steps may be taken out, not changed or added; plan again"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as it was read. `identifier` names it, `store` and `rules` are what it was made from.

    `steps` are the values of each, as mailaudit.sweep.jsonform writes them, `planned` how many there were.
    `values` are all of the file's.
    """

    file: str
    identifier: str
    store: str
    rules: str
    regulation: str
    as_of: date
    made_at: datetime
    unit: str
    mailboxes: int
    coverage: Coverage | None
    planned: int
    steps: Sequence[Mapping[str, Any]]
    values: dict[str, Any]

    def counts(self) -> dict[str, int]:
        """How many steps there are of each kind, the gravest kind first."""
        counted = Counter(step["step"] for step in self.steps)
        return {str(kind): counted[kind] for kind in StepKind}

    def keys(self, *kinds: StepKind) -> dict[str, Mapping[str, Any]]:
        """Return the steps of these kinds by their keys."""
        return {str(step["key"]): step for step in self.steps if step["step"] in kinds}


def text_of(values: Mapping[str, Any], rules: str, store: str, made_at: datetime) -> Iterator[str]:
    """Return the pieces of a plan's file: its values as JSON, the digest of its rules, its store's name."""
    steps, strangers = values["steps"], values["not_in_directory"]
    head: dict[str, Any] = {
        "format": FORMAT,
        "made_at": made_at.isoformat(timespec="seconds"),
        "store": store,
        "rules": rules,
    }
    head |= {name: value for name, value in values.items() if name not in LATER} | {"planned": len(steps)}
    identifier = _sha256(head)
    whole = {
        "format": FORMAT,
        "plan": identifier,
        **head,
        "steps": [step | {"check": _check(identifier, step)} for step in steps],
        "not_in_directory": strangers,
    }
    yield from pieces(whole)
    yield "\n"


def read(path: Path) -> PlanFile:
    """Read a plan. Raises BadFile with all that is wrong with it, UnreadableFile if it can't be read."""
    values = _values(path)
    problems = Problems(str(path))
    steps, identifier = values.get("steps"), values.get("plan")
    head = {name: value for name, value in values.items() if name not in LATER}
    if values.get("format") != FORMAT:
        problems.add("format", f"{values.get('format')!r}", f"{FORMAT!r}: {A_PLAN}")
    elif identifier != _sha256(head) or not isinstance(steps, list):
        problems.add("plan", "what the plan rests on was changed", UNCHANGED)
    problems.raise_if_any()
    _check_steps(steps or [], str(identifier), problems)
    problems.raise_if_any()
    return _plan_file(str(path), values)


def _values(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8"))
    except OSError as error:
        wrong = f"can't be read ({error.strerror or error})"
        raise UnreadableFile([Problem(str(path), "file", wrong, A_PLAN)]) from error
    except UnicodeDecodeError as error:
        raise BadFile([Problem(str(path), "file", "not UTF-8", A_PLAN)]) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadFile([Problem(str(path), place, f"not JSON ({error.msg})", A_PLAN)]) from error
    if not isinstance(values, dict):
        raise BadFile([Problem(str(path), "file", "not an object", A_PLAN)])
    return values


def _check_steps(steps: Sequence[Any], identifier: str, problems: Problems) -> None:
    """Note every step that is not as it was planned."""
    seen: set[str] = set()
    for number, step in enumerate(steps, start=1):
        values = dict(step) if isinstance(step, dict) else {}
        name = f"steps[{number}] ({values.get('mailbox')}, {values.get('step')})"
        if values.pop("check", None) != _check(identifier, values):
            problems.add(name, "was changed or added", UNCHANGED)
        elif values["key"] in seen:
            problems.add(name, "is there twice", UNCHANGED)
        seen.add(str(values.get("key")))


def _plan_file(file: str, values: dict[str, Any]) -> PlanFile:
    days = values["coverage"]
    coverage = Coverage(date.fromisoformat(days["first"]), date.fromisoformat(days["last"])) if days else None
    return PlanFile(
        file,
        values["plan"],
        values["store"],
        values["rules"],
        values["regulation"],
        date.fromisoformat(values["as_of"]),
        datetime.fromisoformat(values["made_at"]),
        values["unit"],
        values["mailboxes"],
        coverage,
        values["planned"],
        values["steps"],
        values | {"not_in_directory": values.get("not_in_directory", [])},
    )


def _check(identifier: str, step: Mapping[str, Any]) -> str:
    return _sha256([identifier, step])[:16]


def _sha256(values: object) -> str:
    return hashlib.sha256(CANONICAL.encode(values).encode("utf-8", "surrogatepass")).hexdigest()
