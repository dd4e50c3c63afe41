# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

YesNo = Literal["No", "Yes"]

YES_NO_VALUES: set[YesNo] = {
    "No",
    "Yes",
}


def check_yes_no(value: str) -> YesNo:
    if value in YES_NO_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {YES_NO_VALUES!r}")
