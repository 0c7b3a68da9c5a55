# SPDX-License-Identifier: GPL-3.0-or-later
"""The program mailaudit: reads mail logs and says who used which mailbox, and when."""

import typer

app = typer.Typer()
