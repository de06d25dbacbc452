#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Totals add up, whatever the reports say.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
python3 "$top/tests/cli/sums.py" "$TLSTALLY" "$scratch"
