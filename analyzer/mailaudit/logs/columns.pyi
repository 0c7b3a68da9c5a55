# SPDX-License-Identifier: GPL-3.0-or-later
from mailaudit.logs.stamp import Bytes, Flags, Numbers, Places

def views(data: Bytes, starts: Numbers, ends: Numbers) -> tuple[Bytes, Bytes]: ...
def gathered(
    values: Bytes, firsts: Numbers, forms: Places, places: Places, is_number: Flags
) -> tuple[Bytes, Bytes]: ...
