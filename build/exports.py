"""Holds the lines that AuditProjectionTest left against parsers that are not ours; see build/exports."""

import json
import pathlib
import sys

import jsonschema
import pycef
import syslog_rfc5424_parser
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

# The newest schema that is published as a package. What 1.9 adds is left out before.
OCSF = "1.8.0"
ADDED_IN_1_9 = {"attestation_list"}
PROFILES_OF_1_9 = {"record_integrity"}


def lines(folder, name):
    text = (folder / f"{name}.log").read_bytes().decode("utf-8")
    return text.split("\n")[:-1]


def check_ocsf(folder):
    schemas = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF))
    checked = 0
    for line in lines(folder, "ocsf"):
        event = {name: value for name, value in json.loads(line).items() if name not in ADDED_IN_1_9}
        profiles = [name for name in event["metadata"]["profiles"] if name not in PROFILES_OF_1_9]
        event["metadata"]["profiles"] = profiles
        event["metadata"]["version"] = OCSF
        name = schemas.lookup_class_name_from_uid(class_uid=event["class_uid"])
        schema = schemas.get_class_schema(class_name=name, profiles=profiles)
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(event))
        for error in errors:
            print(f"{event['metadata']['uid']}: {error.json_path}: {error.message}", file=sys.stderr)
        assert not errors
        checked += 1
    return checked


def check_cef(folder):
    checked = 0
    rows = [json.loads(line) for line in lines(folder, "rows")]
    for line, row in zip(lines(folder, "cef"), rows, strict=True):
        header = line.split("|suser=")[0]
        if "\\" in header:
            continue  # pycef knows no escapes in a header; CefLine's own test does
        event = pycef.parse(line)
        assert event is not None, line
        assert event["DeviceProduct"] == "Gatehouse", event
        assert event["externalId"].startswith("gate1-"), event
        if row["type"] != "event":
            assert event["suser"] == row["agent"], event
        if "verdict" in row:
            assert event["act"] == row["verdict"], event
        checked += 1
    return checked


def check_syslog(folder):
    checked = 0
    for line, row in zip(lines(folder, "syslog"), lines(folder, "rows"), strict=True):
        message = syslog_rfc5424_parser.SyslogMessage.parse(line)
        assert message.appname == "gatehouse" and message.hostname == "gate1", message
        assert message.msg == row, (message.msg, row)
        assert message.sd["gatehouse@32473"]["stream"].startswith("gate1-"), message.sd
        checked += 1
    return checked


def main():
    folder = pathlib.Path(sys.argv[1])
    counts = {check.__name__[6:]: check(folder) for check in (check_ocsf, check_cef, check_syslog)}
    assert all(counts.values()), counts
    print("parsers that are not ours read", ", ".join(f"{n} lines of {name}" for name, n in counts.items()))


if __name__ == "__main__":
    main()
