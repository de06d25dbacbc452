#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Stores that are none, or damaged, rights that are missing, clocks that jump.
. "$(dirname "$0")/lib.sh"
# Another user takes part.
chmod 755 "$scratch"
python3 "$torture/named.py" "$TLSTALLY" --few --flips "$(few 20 6)" --seed 1
