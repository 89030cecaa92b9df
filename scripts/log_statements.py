"""Log statements of Python packages from PyPI, with the level that their authors gave.

Only for `tune_encoder.py`. The packages are licensed under Apache-2.0 or MIT. They are downloaded into a cache folder and
are never committed: the encoder's weights are all that is kept of them.
"""

import ast
import hashlib
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

# Licensed under Apache-2.0, except apscheduler, langchain-community and mitmproxy (MIT).
PACKAGES = {
    "aiokafka": "0.14.0",
    "apache-airflow-core": "3.3.2",
    "apache-airflow-providers-amazon": "9.39.0",
    "apache-airflow-providers-cncf-kubernetes": "10.25.0",
    "apache-airflow-providers-google": "22.8.0",
    "apache-beam": "2.77.0",
    "apscheduler": "3.11.3",
    "aws-sam-cli": "1.170.0",
    "barbican": "23.0.0",
    "bentoml": "1.4.40",
    "blazar": "18.0.0",
    "botocore": "1.44.8",
    "cassandra-driver": "3.30.1",
    "ceilometer": "27.0.0",
    "checkov": "3.3.30",
    "cinder": "29.0.0",
    "cloudkitty": "25.0.0",
    "dagster": "1.13.29",
    "feast": "0.67.0",
    "glance": "33.0.0",
    "great-expectations": "1.24.1",
    "homeassistant": "2026.11.0",
    "ironic": "39.0.0",
    "ironic-python-agent": "13.0.0",
    "kazoo": "2.11.0",
    "keystone": "30.0.0",
    "langchain-community": "0.4.2",
    "localstack-core": "2026.3.0",
    "magnum": "23.0.0",
    "manila": "23.0.1",
    "masakari": "22.0.0",
    "mistral": "23.0.0",
    "mitmproxy": "12.3.1",
    "mlflow": "3.18.0",
    "nova": "34.0.0",
    "openstack-heat": "27.0.1",
    "oslo.messaging": "18.3.1",
    "prefect": "3.9.1",
    "pyocd": "0.46.0",
    "python-watcher": "17.0.0",
    "ray": "2.60.0",
    "sahara": "19.0.0",
    "senlin": "16.0.0",
    "skypilot": "0.14.1",
    "sqlmesh": "0.236.4",
    "streamlit": "1.67.0",
    "tacker": "16.0.0",
    "trove": "26.0.0",
    "vitrage": "15.0.1",
    "zaqar": "23.0.1",
    "zenml": "0.98.0",
}

CALM, WARNING, WRONG = 0, 1, 2
LEVELS = {
    "debug": CALM,
    "info": CALM,
    "notice": CALM,
    "warning": WARNING,
    "warn": WARNING,
    "error": WRONG,
    "exception": WRONG,
    "critical": WRONG,
    "fatal": WRONG,
}

# Values for the placeholders of a statement: what programs print there.
TEXTS = (
    "worker-3",
    "eth1",
    "db-node-4",
    "/srv/data/part-2",
    "primary",
    "10.20.0.9",
    "vol-81",
    "0c9e2b44-1f6a-4d5c-8a90-5be1c2d3f4a5",
    "blue",
    "queue_main",
    "12",
    "settings.toml",
    "https://api.example.org/v1",
    "timed out",
    "b'\\x00'",
    "None",
    "example.org:8443",
    "Thermostat",
    "tenant_a",
)
NUMBERS = ("0", "2", "5", "30", "404", "1024")

NUMBER_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[diufgex]")
TEXT_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?-?\d*[rs]|\{[^{}]*\}")
TEST_OR_VENDORED = re.compile(r"(^|/)tests?/|/test_|_vendor/")
MIN_WORDS = 2


class Statement(NamedTuple):
    """A log message with made-up values, and its level: CALM, WARNING or WRONG."""

    level: int
    message: str


def fetch_packages(folder):
    """Download the wheels that are missing; return all wheels, in the order of their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in PACKAGES.items():
        if _wheel_of(folder, name, version) is None:
            options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--ignore-requires-python")
            # Some packages need a newer Python to run; here they are only read.
            command = (sys.executable, "-m", "pip", "download", *options, "--python-version", "3.13")
            subprocess.run((*command, "--dest", str(folder), f"{name}=={version}"), check=True)
    wheels = [_wheel_of(folder, name, version) for name, version in PACKAGES.items()]
    return sorted(wheels, key=lambda wheel: wheel.name)


def _wheel_of(folder, name, version):
    stem = re.sub(r"[-.]", "_", name)
    return next(iter(sorted(folder.glob(f"{stem}-{version}-*.whl"))), None)


def read_statements(wheels):
    """The distinct log statements of the wheels, in a fixed order."""
    found = {}
    for wheel in wheels:
        values = random.Random(wheel.name.split("-")[0])
        for level, text in _statements_of(wheel):
            if text not in found:
                found[text] = Statement(level, _fill(text, values))
    return list(found.values())


def hash_of(statements):
    """SHA-256 over levels and messages, for the manifest."""
    text = "\n".join(f"{level} {message}" for level, message in statements)
    return hashlib.sha256(text.encode()).hexdigest()


def _statements_of(wheel):
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if not name.endswith(".py") or TEST_OR_VENDORED.search(name):
                continue
            try:
                tree = ast.parse(archive.read(name).decode("utf-8", "replace"))
            except (SyntaxError, ValueError):
                continue  # a template of a code generator, or for another Python
            for node in ast.walk(tree):
                if _is_log_call(node) and (text := _text_of(node.args[0])) and _is_sentence(text):
                    yield LEVELS[node.func.attr], text


def _is_log_call(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and bool(node.args)
        and _is_logger(node.func.value)
    )


def _is_logger(node):
    if isinstance(node, ast.Call):
        return _is_logger(node.func)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return "log" in name.lower()


def _is_sentence(text):
    return len(re.findall(r"[A-Za-z]{3,}", re.sub(r"%\(\w+\)s", "", text))) >= MIN_WORDS


def _text_of(node):
    """The format string of a log call; None if it is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "%s" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _text_of(node.left)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text_of(node.left), _text_of(node.right)
        return None if left is None and right is None else (left or "%s") + (right or "%s")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _text_of(node.func.value)
    is_translation = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id[:1] == "_"
    return _text_of(node.args[0]) if is_translation and node.args else None


def _fill(text, values):
    text = NUMBER_PLACEHOLDER.sub(lambda _: values.choice(NUMBERS), text)
    text = TEXT_PLACEHOLDER.sub(lambda _: values.choice(TEXTS), text)
    return " ".join(text.replace("%%", "%").split())
