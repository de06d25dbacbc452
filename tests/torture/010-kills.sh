#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# kill -9 at any moment: what was said to be done is done, and once.
. "$(dirname "$0")/lib.sh"
python3 "$torture/kills.py" "$TLSTALLY" --rounds "$(few 15 6)" --seed 1
