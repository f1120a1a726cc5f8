"""Holds answers against botocore's model of the service: members, types, enums, lengths, patterns."""
import json
import re

# What we add to the model on purpose: our own block, and the decoded members of additionalInfo beside their text.
OURS = {"Finding": {"yagura"}, "ServiceAdditionalInfo": None}

# The model's pattern has no digit in the service, so no instance's ARN fits it.
WRONG_PATTERNS = {"InstanceArn"}


def problems(shape, value, path="$"):
    """Yields what of a JSON value does not fit a shape of the model."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{path}: not an object"
            return
        known = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        for name, (model_name, _) in known.items():
            if model_name in shape.required_members and value.get(name) is None:
                yield f"{path}.{name}: required, and missing"
        allowed = OURS.get(shape.name, set())
        for name, item in value.items():
            if name not in known:
                if allowed is not None and name not in allowed:
                    yield f"{path}.{name}: not in the model"
            elif item is not None:
                yield from problems(known[name][1], item, f"{path}.{name}")
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{path}: not a list"
            return
        yield from length(shape, len(value), path)
        for index, item in enumerate(value):
            yield from problems(shape.member, item, f"{path}[{index}]")
    elif kind == "map":
        if not isinstance(value, dict):
            yield f"{path}: not a map"
            return
        for name, item in value.items():
            yield from problems(shape.key, name, f"{path}<{name}>")
            yield from problems(shape.value, item, f"{path}.{name}")
    elif kind == "string":
        if not isinstance(value, str):
            yield f"{path}: {value!r} is not a text"
            return
        if getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{path}: {value!r} is none of {shape.enum}"
        yield from length(shape, len(value), path)
        pattern = shape.metadata.get("pattern")
        if pattern and shape.name not in WRONG_PATTERNS and not re.search(pattern, value):
            yield f"{path}: {value!r} does not fit {pattern}"
    elif kind in ("integer", "long"):
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{path}: {value!r} is not a whole number"
    elif kind in ("double", "float", "timestamp"):
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            yield f"{path}: {value!r} is not a number"
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{path}: {value!r} is not true or false"


def length(shape, actual, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and actual < least:
        yield f"{path}: {actual} is less than {least}"
    if most is not None and actual > most:
        yield f"{path}: {actual} is more than {most}"


class Checker:
    """Checks every answer that a client gets, and keeps the names of the operations that answered."""

    def __init__(self):
        self.called = set()
        self.found = []

    def watch(self, client):
        client.meta.events.register("after-call.guardduty", self._check)
        return client

    def _check(self, http_response, parsed, model, **_):
        if http_response.status_code >= 300:
            return
        self.called.add(model.name)
        expected = model.http.get("responseCode", 200)
        if http_response.status_code != expected:
            self.found.append(f"{model.name}: status {http_response.status_code}, not {expected}")
        if "x-amzn-requestid" not in {name.lower() for name in http_response.headers}:
            self.found.append(f"{model.name}: no x-amzn-RequestId")
        if model.output_shape is None or http_response.status_code == 204:
            return
        for problem in problems(model.output_shape, json.loads(http_response.content)):
            self.found.append(f"{model.name}: {problem}")
