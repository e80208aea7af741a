"""One line per check on standard output, `ok …` or `not ok …`, which `run` counts."""

import os
import sys
import textwrap
import time
import traceback
from pathlib import Path

import anyio

SCRIPT = f"python/{Path(sys.argv[0]).stem}"
WRONG_KEY = "not-a-key"

URL = os.environ["GATEHOUSE_URL"]
KEY = os.environ["GATEHOUSE_KEY"]
FILE = os.environ["GATEHOUSE_FILE"]

# Whether what only the gateway does (failover, its response headers) is to be checked.
GOVERNED = os.environ.get("GATEHOUSE_STAND_IN") != "1"

# The models to ask, by what the gateway does with them: see the config in `run`.
OPENAI, ANTHROPIC, FAILOVER = "gpt-mock", "claude-mock", "failover-mock-python"
RESPONSES_FAILOVER, AGENTS_FAILOVER, VECTORS = "responses-mock-python", "agents-mock", "vectors-mock"

failures = 0


def tool(connector: str, name: str) -> str:
    """The gateway's name for a connector's tool; CONNECTOR_PREFIX=off when a server is tried directly."""
    return name if os.environ.get("CONNECTOR_PREFIX") == "off" else f"{connector}__{name}"


async def check(name, body, limit_seconds=60):
    global failures
    started = time.monotonic()
    try:
        with anyio.fail_after(limit_seconds):
            await body()
        print(f"ok {SCRIPT}: {name} ({round((time.monotonic() - started) * 1000)} ms)", flush=True)
    except Exception:
        failures += 1
        print(f"not ok {SCRIPT}: {name}")
        print(textwrap.indent(traceback.format_exc(), "    "), flush=True)


def leaves(error):
    """The exceptions inside nested groups: task groups wrap what a client raised."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in leaves(inner)]
    return [error]


def run(main):
    anyio.run(main)
    sys.exit(1 if failures else 0)
