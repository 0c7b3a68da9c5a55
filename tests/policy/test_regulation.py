# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a regulation, and reading one that an office wrote itself, mistakes and all."""

import unicodedata
from pathlib import Path

import pytest

from mailpolicy.files.problems import BadFile, UnreadableFile
from mailpolicy.parameters import AttachmentCap
from mailpolicy.regulation import How, UnknownRegulation, load, load_all, load_file, names

HEADER = """\
[regulation]
name = "office-1-2026"
short = "OF"
number = "1/QĐ-VP"
title = "Quy chế thư điện tử"
title_en = "E-mail regulation"
issuer = "Văn phòng"
issuer_en = "Office"
date = 2026-01-02
effective = 2026-02-01
status = "in force"
domains = ["office.example.org"]
citation_vi = "Quy chế thư điện tử, QĐ 1/QĐ-VP"
citation_en = "E-mail regulation, Decision 1"
"""
CAP = """
[[duty]]
code = "attachment-cap"
row = 1
articles = ["4.2"]
how = ["enforce"]
sentence = "Dung lượng tối đa là 20MB."
gloss = "At most 20 MB."
parameters = { limit_mb = 20, per = "file" }
"""


def _mistakes(tmp_path: Path, text: str | bytes) -> list[str]:
    """Return what is said of a regulation file, line by line, without the file's name in front."""
    path = tmp_path / "office.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadFile) as caught:
        load_file(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("soctrang-59-2024", "ST"),
        ("soctrang", "ST"),
        ("so", "ST"),
        ("ST", "ST"),
        ("st", "ST"),
        (" Hcm ", "HCM"),
        ("mr", "MR"),
        ("MONRE", "MR"),
        ("ct", "CT"),
        ("ts", "TS"),
    ],
)
def test_a_regulation_is_found_by_name_short_name_or_beginning(name: str, found: str) -> None:
    assert load(name).short == found


@pytest.mark.parametrize("name", ["", "hanoi", "socstrang", "59-2024", "soctrang-59-2024.toml"])
def test_an_unknown_name_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(UnknownRegulation) as caught:
        load(name)
    assert f'no regulation is called "{name}"' in str(caught.value)
    assert all(known in str(caught.value) for known in names())


def test_a_short_name_wins_over_the_beginning_of_another_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, short in (("st-1", "ZZ"), ("zz-2", "YY")):
        text = HEADER.replace("office-1-2026", name).replace('"OF"', f'"{short}"') + CAP
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    monkeypatch.setattr("mailpolicy.regulation.SHIPPED", tmp_path)
    assert load("zz").name == "st-1"


def test_a_beginning_that_fits_several_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, short in (("office-1", "OA"), ("office-2", "OB")):
        text = HEADER.replace("office-1-2026", name).replace('"OF"', f'"{short}"') + CAP
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    monkeypatch.setattr("mailpolicy.regulation.SHIPPED", tmp_path)
    with pytest.raises(
        UnknownRegulation, match=r'several regulations begin with "office"; expected one of office-1'
    ):
        load("office")


def test_five_regulations_are_shipped() -> None:
    assert [one.short for one in load_all()] == ["CT", "HCM", "MR", "ST", "TS"]
    assert [one.name for one in load_all()] == list(names())


def test_a_duty_the_text_is_silent_on_is_none() -> None:
    assert load("ST").duty("subject-required") is None


def test_an_office_writes_its_own_regulation(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HEADER + CAP, "utf-8")
    own = load_file(tmp_path / "own.toml")
    duty = own.duty("attachment-cap")
    assert duty is not None
    assert (duty.article, duty.how, duty.parameters) == (
        "4.2",
        (How.ENFORCE,),
        AttachmentCap(limit_mb=20, per="file"),
    )
    assert own.domains == ("office.example.org",)


def test_text_typed_on_other_systems_is_the_same_text(tmp_path: Path) -> None:
    typed = unicodedata.normalize("NFD", HEADER + CAP).replace("\n", "\r\n").encode("utf-8-sig")
    (tmp_path / "own.toml").write_bytes(typed)
    own = load_file(tmp_path / "own.toml")
    assert own.title == "Quy chế thư điện tử"
    assert own.duties[0].sentence == "Dung lượng tối đa là 20MB."


def test_several_articles_are_one_string(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HEADER + CAP.replace('["4.2"]', '["4.2", "8.1đ"]'), "utf-8")
    assert load_file(tmp_path / "own.toml").duties[0].article == "4.2, 8.1đ"


def test_a_regulation_is_data_that_cannot_be_changed() -> None:
    one = load("ST")
    with pytest.raises(AttributeError):
        one.name = "x"  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        one.duties[0].parameters.limit_mb = 1  # type: ignore[attr-defined]


def _duty(**changes: str) -> str:
    """A regulation file whose one duty has other lines: the key, and its line or "" to leave it out."""
    lines = {line.partition(" = ")[0]: line for line in CAP.strip().splitlines()}
    for key, value in changes.items():
        lines[key] = f"{key} = {value}" if value else ""
    return HEADER + "\n".join(lines.values()) + "\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_duty(code='"atachment-cap"'), 'there is no duty "atachment-cap"; expected "attachment-cap"'),
        (_duty(code=""), "duty[1].code: missing; expected a string of one line (The duty's code"),
        (_duty(code="7"), "duty[1].code: 7 is an integer; expected a string"),
        (_duty(row="2"), "duty[1].attachment-cap.row: 2; expected 1, the row of attachment-cap"),
        (_duty(row="33"), "duty[1].attachment-cap.row: 33; expected an integer from 1 to 32"),
        (
            _duty(row="true"),
            "duty[1].attachment-cap.row: true is a boolean; expected an integer from 1 to 32",
        ),
        (
            _duty(articles='["Điều 4"]'),
            'duty[1].attachment-cap.articles[1]: "Điều 4"; expected an article: "9"',
        ),
        (
            _duty(articles="[]"),
            "duty[1].attachment-cap.articles: an empty array; expected at least one item",
        ),
        (
            _duty(articles="4.2"),
            "duty[1].attachment-cap.articles: 4.2 is a number with a fraction; expected an array",
        ),
        (
            _duty(articles='["4.2", "4.2"]'),
            'duty[1].attachment-cap.articles: "4.2" is there twice; expected each once',
        ),
        (
            _duty(how='["enforced"]'),
            'duty[1].attachment-cap.how[1]: "enforced"; expected "enforce" or "sweep"',
        ),
        (_duty(sentence='"  "'), "duty[1].attachment-cap.sentence: empty; expected text"),
        (_duty(sentence=""), "duty[1].attachment-cap.sentence: missing; expected a string"),
        (_duty(gloss='"a\\nb"'), "duty[1].attachment-cap.gloss: several lines; expected one line"),
        (
            _duty(note='"x"'),
            'duty[1].attachment-cap.note: unknown name "note"; expected one of articles, code',
        ),
        (
            _duty(sentense='"x"'),
            'duty[1].attachment-cap.sentense: unknown name "sentense"; expected "sentence"',
        ),
        (_duty(parameters="3"), "duty[1].attachment-cap.parameters: 3 is an integer; expected a table"),
        (
            _duty(parameters='{ limit_mb = "20", per = "file" }'),
            'attachment-cap.parameters.limit_mb: "20" is a string; expected an integer from 1 to 4096',
        ),
        (
            _duty(parameters='{ limit_mb = 0, per = "file" }'),
            "duty[1].attachment-cap.parameters.limit_mb: 0; expected an integer from 1 to 4096",
        ),
        (
            _duty(parameters='{ limit_mb = 20, per = "part" }'),
            'duty[1].attachment-cap.parameters.per: "part"; expected "message" or "file"',
        ),
        (
            _duty(parameters="{ limit_mb = 20 }"),
            'attachment-cap.parameters.per: missing; expected "message" or "file" (What the cap is for',
        ),
        (
            _duty(parameters='{ limit = 20, limit_mb = 20, per = "file" }'),
            'duty[1].attachment-cap.parameters.limit: unknown name "limit"; expected "limit_mb"',
        ),
        (
            HEADER + CAP + CAP,
            'duty[2].attachment-cap.code: "attachment-cap" is there twice (first as duty[1]); expected',
        ),
        (HEADER, "duty: missing; expected tables [[duty]], one for each duty"),
        (HEADER + "[duty]\ncode = 1\n", "duty: is a table; expected tables [[duty]], one for each duty"),
        (CAP, "regulation: missing; expected a table [regulation] that says what it is"),
        ('regulation = "st"\n' + CAP, "regulation: is a string; expected a table [regulation]"),
        (HEADER + CAP + "[duties]\n", 'duties: unknown name "duties"; expected "duty"'),
        (HEADER.replace("short", "shrt") + CAP, 'regulation.shrt: unknown name "shrt"; expected "short"'),
        (HEADER.replace('"OF"', '"of"') + CAP, 'regulation.short: "of"; expected 2 to 6 capital letters'),
        (
            HEADER.replace("2026-01-02", '"2.1.2026"') + CAP,
            'regulation.date: "2.1.2026" is a string; expected a date',
        ),
        (
            HEADER.replace("in force", "valid") + CAP,
            'regulation.status: "valid"; expected "draft" or "in force"',
        ),
        (
            HEADER.replace("office.example.org", "office") + CAP,
            'regulation.domains[1]: "office"; expected a domain',
        ),
        (
            HEADER + 'account_suffix = "vp"\n' + CAP,
            'regulation.account_suffix: "vp"; expected a suffix, as in .stnmt',
        ),
    ],
)
def test_a_mistake_is_named_with_its_key_and_what_was_expected(tmp_path: Path, text: str, said: str) -> None:
    lines = _mistakes(tmp_path, text)
    assert any(said in line for line in lines), lines


def test_all_mistakes_of_a_file_are_named_in_one_go(tmp_path: Path) -> None:
    broken = (
        HEADER.replace("in force", "valid").replace('title = "Quy chế thư điện tử"\n', "")
        + CAP.replace("limit_mb = 20", "limit_mb = 0").replace(
            'sentence = "Dung lượng tối đa là 20MB."', 'sentence = ""'
        )
        + CAP.replace("attachment-cap", "subject-requird")
        + "[dutty]\n"
    )
    keys = [line.partition(": ")[0] for line in _mistakes(tmp_path, broken)]
    assert keys == [
        "dutty",
        "regulation.title",
        "regulation.status",
        "duty[1].attachment-cap.sentence",
        "duty[1].attachment-cap.parameters.limit_mb",
        "duty[2].subject-requird.code",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[regulation]\nname = \n", "line 2, column 8: not TOML (Invalid value); expected TOML 1.0"),
        ("[regulation", "not TOML ("),
        ("name = 1\nname = 2\n", "line 2, column 9: not TOML (Cannot overwrite a value)"),
        (
            b'[regulation]\ntitle = "Quy ch\xd5"\n',
            "line 2: byte 0xd5 is not UTF-8; expected text saved as UTF-8",
        ),
    ],
)
def test_what_is_not_toml_is_said_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    (line,) = _mistakes(tmp_path, text)
    assert said in line


@pytest.mark.parametrize("name", ["nowhere.toml", "."])
def test_a_file_that_cannot_be_read_is_its_own_kind_of_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"can't be read \(.+\); expected a readable TOML file"):
        load_file(tmp_path / name)
