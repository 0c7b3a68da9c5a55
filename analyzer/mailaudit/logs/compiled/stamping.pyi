# SPDX-License-Identifier: GPL-3.0-or-later
from mailaudit.logs.stamp import Bytes, Numbers, Places

HALF_YEAR: int

def read(
    data: Bytes, starts: Numbers, year: int, day: int, latest_year: int, latest_day: int
) -> tuple[Numbers, Places, Places, Numbers, int, int]: ...
def days(data: Bytes, starts: Numbers) -> Numbers: ...
