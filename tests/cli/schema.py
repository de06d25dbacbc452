#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Holds digests in JSON to their schema.

usage: schema.py SCHEMA FILE...
The schema leaves its objects open, so that members may be added; here they are
closed, so that none is written that it does not know.  For each file a line:
"FILE: ok" or what is wrong.  With --seen it also says which members of the
schema no file had, with --mutate whether a file that lacks one is refused."""

import copy
import json
import sys

import jsonschema


def pairs(members):
    names = [name for name, _ in members]
    if len(names) != len(set(names)):
        raise ValueError("a name twice: %s" % names)
    return dict(members)


def no_constant(word):
    raise ValueError("no JSON: %s" % word)


def load(path):
    with open(path, encoding="utf-8", errors="strict") as f:
        return json.load(f, object_pairs_hook=pairs,
                         parse_constant=no_constant)


def close(part):
    """Every object of the schema has the members it names and no other."""
    if isinstance(part, dict):
        if part.get("type") == "object":
            part["additionalProperties"] = False
        for value in part.values():
            close(value)
    elif isinstance(part, list):
        for value in part:
            close(value)


def objects(value, path=""):
    """Each object, with the names that lead to it."""
    if isinstance(value, dict):
        yield path, value
        for name, member in value.items():
            yield from objects(member, path + "/" + name)
    elif isinstance(value, list):
        for member in value:
            yield from objects(member, path)


def main():
    flags = [a for a in sys.argv[1:] if a.startswith("--")]
    schema_file, *files = [a for a in sys.argv[1:] if a[:2] != "--"]
    schema = load(schema_file)
    jsonschema.Draft202012Validator.check_schema(schema)
    close(schema)
    check = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.FormatChecker())
    seen = set()
    for name in files:
        document = load(name)
        errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"[:200]
                  for e in check.iter_errors(document)]
        print(f"{name}: {errors[0] if errors else 'ok'}")
        seen |= {(path, member) for path, o in objects(document)
                 for member in o}
    if "--seen" in flags:
        names = {m for _, o in objects(schema) if o.get("type") == "object"
                 for m in o["properties"]}
        print("never seen:", *sorted(names - {m for _, m in seen}))
    if "--mutate" in flags:
        document = load(files[0])
        places = {}
        for path, o in objects(document):
            for member in o:
                places.setdefault((path, member), o)
        missed = []
        for (path, member), o in places.items():
            kept = dict(o)
            del o[member]
            without = check.is_valid(document)
            o.clear()
            o.update(kept)
            o[member] = [[]] if isinstance(o[member], list) else []
            wrong = check.is_valid(document)
            o[member] = copy.copy(kept[member])
            o["stranger"] = 1
            stranger = check.is_valid(document)
            o.clear()
            o.update(kept)
            if wrong or stranger or (without and not member.endswith("_rows")):
                missed.append(path + "/" + member)
        print(f"{len(places) > 80}, not noticed:", *missed)


main()
