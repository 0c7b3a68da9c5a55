# SPDX-License-Identifier: GPL-3.0-or-later
from mailaudit.logs.stamp import Bytes, Flags, Numbers, Places

def parts(
    data: Bytes, starts: Numbers, ends: Numbers, rests: Places, dated: Flags
) -> tuple[Places, Numbers, Numbers, Numbers, Numbers]: ...
