# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
from numpy.typing import NDArray

from mailaudit.logs.stamp import Bytes, Flags, Numbers

def parts(data: Bytes, starts: Numbers, ends: Numbers, rests: NDArray[np.int32], dated: Flags) -> Numbers: ...
