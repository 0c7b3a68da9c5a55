# SPDX-License-Identifier: GPL-3.0-or-later
from mailaudit.logs.stamp import Bytes, Numbers

def bounds(data: Bytes | bytes) -> Numbers: ...
