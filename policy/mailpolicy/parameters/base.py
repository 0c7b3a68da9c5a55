# SPDX-License-Identifier: GPL-3.0-or-later
"""What all duty parameters share: they are frozen, take no unknown names and no value of another type."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Months = Annotated[int, Field(ge=1, le=120)]


class Parameters(BaseModel):
    """The figures and conditions a regulation gives for one duty; what its text is silent on is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class NoParameters(Parameters):
    """For duties that hold as they stand, without a figure or a condition."""
