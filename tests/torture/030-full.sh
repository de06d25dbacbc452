#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# A disk that is full.
. "$(dirname "$0")/lib.sh"
python3 "$torture/full.py" "$TLSTALLY" --steps "$(few 2 1)"
