# SPDX-License-Identifier: GPL-3.0-or-later
from mailaudit.logs.stamp import Bytes, Flags, Numbers, Places

def views(data: Bytes, starts: Numbers, ends: Numbers) -> tuple[Bytes, Bytes]: ...
def gathered(
    values: Bytes, firsts: Numbers, forms: Places, places: Places, are_numbers: Flags
) -> tuple[Bytes, Bytes]: ...
