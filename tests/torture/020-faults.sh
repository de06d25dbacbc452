#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# A disk that fails at any call, and the power that goes.
. "$(dirname "$0")/lib.sh"
python3 "$torture/faults.py" "$TLSTALLY" "$fault" --each "$(few 3 2)" --seed 1
