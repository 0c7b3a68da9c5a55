# SPDX-License-Identifier: GPL-3.0-or-later
"""An office's own examples: messages, and what its site file must make of each.

`NAME.eml` is a message, `NAME.toml` beside it says in what SMTP session it comes and what is expected.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailgate import saved
from mailgate.record import printable
from mailpolicy.files.fields import ARRAY
from mailpolicy.files.problems import BadFile, Problem, Problems
from mailpolicy.files.tables import check, wrong_value
from mailpolicy.files.tomlfile import read_toml
from mailpolicy.judge import Policy
from mailpolicy.verdict import Action


def _ip(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise wrong_value(f'"{text}"', "an IP address, as in 192.0.2.7") from None


class Expectation(BaseModel):
    """What NAME.toml says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    action: Action = Field(strict=False)
    """What must become of the message."""
    duties: Annotated[tuple[str, ...], ARRAY] | None = None
    """The codes of all duties that must find something in it; without it, whatever they find is right."""
    login: str = ""
    """The user who is logged in."""
    client: Annotated[str, AfterValidator(_ip)] | None = None
    """The address of who hands it over; without it a stranger, or who is logged in."""
    sender: str | None = Field(default=None, alias="from")
    """MAIL FROM; without it, the address in From:."""
    to: Annotated[tuple[str, ...], ARRAY] = ()
    """RCPT TO; without it, those in To: and Cc:."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message with what is expected of it."""

    message: Path
    expected: Expectation

    def mistake(self, policy: Policy) -> str | None:
        """Judge it; say in one line what is not as expected, None if all is. Raises OSError."""
        expected = self.expected
        assumed = saved.Assumed(expected.sender, expected.to, expected.login, expected.client or "")
        outcome = saved.judge(self.message.read_bytes(), policy, assumed)
        found = sorted(one.finding.code for one in outcome.verdict.judged)
        wrong = []
        if outcome.answer.action is not expected.action:
            wrong.append(f"{outcome.answer.action.value}, expected {expected.action.value}")
        if expected.duties is not None and found != sorted(expected.duties):
            wanted = ", ".join(sorted(expected.duties)) or "nothing"
            wrong.append(f"found {', '.join(found) or 'nothing'}, expected {wanted}")
        wrong += [f"{failure.code} failed: {failure.error}" for failure in outcome.verdict.failures]
        if not wrong:
            return None
        details = [f"{one.finding.code}: {printable(one.finding.detail)}" for one in outcome.verdict.judged]
        return "; ".join(wrong) + (f" ({'; '.join(details)})" if details else "")


def load(folder: Path) -> list[Example]:
    """Read a folder's examples, in the order of their names. Raises BadFile with every mistake in it."""
    problems = Problems(str(folder))
    try:
        names = sorted(folder.iterdir())
    except OSError as error:
        problems.add("folder", f"can't be read ({error.strerror or error})", "a folder with examples")
        names = []
    messages = [path for path in names if path.suffix == ".eml"]
    for path in names:
        if path.suffix == ".toml" and path.with_suffix(".eml") not in messages:
            problems.add(path.name, "has no message beside it", path.with_suffix(".eml").name)
    if not messages and not problems.found:
        problems.add("folder", "holds no example", "NAME.eml with NAME.toml beside it")
    examples = [example for path in messages if (example := _example(path, problems))]
    problems.raise_if_any()
    return examples


def _example(message: Path, problems: Problems) -> Example | None:
    path = message.with_suffix(".toml")
    if not path.exists():
        problems.add(message.name, "nothing says what is expected of it", f"{path.name} beside it")
        return None
    own = Problems(str(path))
    try:
        expected = check(read_toml(path), Expectation, "", own)
    except BadFile as error:
        own.found += error.problems
        expected = None
    problems.found += own.found
    return Example(message, expected) if expected else None


def mistakes(
    examples: Sequence[Example], policy: Policy, one_more: Callable[[], None] = lambda: None
) -> list[Problem]:
    """Judge all examples; return what is not as the office expects, a problem for each such example.

    `one_more` is called after each that was judged.
    """
    found = []
    for example in examples:
        try:
            mistake = example.mistake(policy)
        except OSError as error:
            mistake = f"can't be read ({error.strerror or error})"
        if mistake is not None:
            found.append(Problem(str(example.message), "example", mistake, "what the .toml beside it says"))
        one_more()
    return found
