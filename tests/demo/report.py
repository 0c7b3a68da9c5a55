# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's last act: the report that the regulation demands, on what the acts before have left."""

from docx import Document

from demo.stage import Stage, quote, say, tell
from demo.sweep import HOME, SETTINGS

SHOWN = 9
"""Paragraphs of the report: its reason, who has mailboxes, and what the system did."""


def report(stage: Stage) -> None:
    """Read what the servers logged meanwhile, and write the report of the regulation's running period."""
    say("7. The report that the regulation demands, with what the servers have logged since")
    stage.run(*HOME, "ingest", "dovecot.log", "mail.log")
    stage.run(*HOME, "report", *SETTINGS, "--out", "report.html")
    stage.run(*HOME, "report", *SETTINGS, "--out", "report.docx")
    _read(stage)


def _read(stage: Stage) -> None:
    """Show how the Word document begins, without its tables."""
    document = Document(str(stage.folder / "report.docx"))
    styled = [(one.text, one.style.name if one.style else None) for one in document.paragraphs]
    lines = [text for text, style in styled if text and style != "Normal"]
    stage.expect("the report has text", len(lines) > SHOWN)
    tell("\nThe Word document says, after its head:\n")
    quote("\n".join(lines[:SHOWN]))
    rest = f"{len(lines) - SHOWN} paragraphs more, and {len(document.tables)} tables"
    tell(f"\n{rest}: what was done and by which article, who used nothing, and the log lines that prove it.")
