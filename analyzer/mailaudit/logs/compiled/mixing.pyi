# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
from numpy.typing import NDArray

from mailaudit.logs.stamp import Bytes, Numbers, Places

def mixed(data: Bytes, offsets: Places, rests: Places, times: Numbers) -> NDArray[np.uint64]: ...
