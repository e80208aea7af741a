"""Holds the lines that AuditProjectionTest left against parsers that are not ours; see build/exports."""

import copy
import hashlib
import json
import pathlib
import sys

import jsonschema
import pycef
import syslog_rfc5424_parser
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

# The newest schema that is published as a package. What 1.9 adds is left out before, and held against the schema below.
OCSF = "1.8.0"
ADDED_IN_1_9 = {"attestation_list"}
PROFILES_OF_1_9 = {"record_integrity"}

# The object `attestation` of OCSF 1.9, of which no release is packaged: what its repository defines, of what we write.
FINGERPRINT = {
    "type": "object",
    "required": ["algorithm_id", "value"],
    "properties": {
        "algorithm": {"const": "SHA-256"},
        "algorithm_id": {"const": 3},
        "value": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "additionalProperties": False,
}
ATTESTATIONS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "anyOf": [{"required": ["fingerprint"]}, {"required": ["signatures"]}],
        "properties": {
            "uid": {"type": "string"},
            "authority_uid": {"type": "string"},
            "chain_uid": {"type": "string"},
            "fingerprint": FINGERPRINT,
            "prev_event": {
                "type": "object",
                "required": ["uid"],
                "properties": {"uid": {"type": "string"}, "type_uid": {"type": "integer"}, "fingerprint": FINGERPRINT},
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
    },
}


def lines(folder, name):
    text = (folder / f"{name}.log").read_bytes().decode("utf-8")
    return text.split("\n")[:-1]


def attested(event, before):
    """Holds an event against its own fingerprint and the event before it in its chain; `before` is that event of each chain."""
    assert "record_integrity" in event["metadata"]["profiles"], event
    jsonschema.validate(event["attestation_list"], ATTESTATIONS)
    bare = copy.deepcopy(event)
    fingerprint = bare["attestation_list"][0].pop("fingerprint")
    text = json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == fingerprint["value"], event
    [attestation] = bare["attestation_list"]
    assert attestation.get("prev_event") == before.get(attestation["chain_uid"]), event
    before[attestation["chain_uid"]] = {
        "uid": event["metadata"]["uid"],
        "type_uid": event["type_uid"],
        "fingerprint": fingerprint,
    }


def check_ocsf(folder):
    schemas = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF))
    checked = 0
    before = {}
    for line in lines(folder, "ocsf"):
        attested(json.loads(line), before)
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
