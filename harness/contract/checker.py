"""Requests and responses compared with one OpenAPI file, whichever it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from harness.contract import breaches
from harness.contract.documents import resolved
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of, text_of
from harness.contract.routes import Operation
from harness.contract.schemas import Dialect, Validator, is_date, validator
from harness.errors import BrokenHarness

__all__ = ["NOT_JSON", "Checker", "Undecoded", "decoded"]

INTEGER = re.compile(r"-?[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Undecoded:
    """Stands for a body that is not JSON."""


NOT_JSON = Undecoded()


def decoded(body: bytes) -> JsonValue | Undecoded:
    """``body`` as JSON, or :data:`NOT_JSON`."""
    try:
        value: JsonValue = orjson.loads(body)
    except orjson.JSONDecodeError:
        return NOT_JSON
    return value


@dataclass(frozen=True, slots=True)
class Checker:
    """Compares exchanges with the contract ``whole``, whose operations are ``operations``."""

    name: str
    whole: JsonObject
    operations: Mapping[str, Operation]
    dialect: Dialect
    refusal: str = ""
    """Reference to the answer that stands where the contract lists none."""
    _validators: dict[tuple[str, str], Validator] = field(default_factory=dict)

    def operation(self, operation_id: str) -> Operation:
        """The operation of that id."""
        found = self.operations.get(operation_id)
        if found is None:
            message = f"{self.name} has no operation {operation_id}."
            raise BrokenHarness(message)
        return found

    def named(self, schema: str) -> Validator:
        """The validator of a schema by its name."""
        return self._validator(("", schema), {"$ref": f"#/components/schemas/{schema}"})

    def request(
        self, operation_id: str, *, query: Mapping[str, str] | None, path: Mapping[str, str], body: bytes | None
    ) -> Iterator[str]:
        """What is wrong with a request; ``query`` and ``path`` hold decoded parameters."""
        operation = self.operation(operation_id)
        yield from self._parameters(operation, {"query": query, "path": path})
        wanted = object_of(operation.definition.get("requestBody"))
        if not wanted:
            return
        if not body:
            if wanted.get("required") is True:
                yield "request body: expected JSON, saw nothing"
            return
        schema = _schema(wanted)
        value = decoded(body)
        if isinstance(value, Undecoded):
            yield "request body: expected JSON, saw something else"
        else:
            check = self._validator((operation_id, "request"), schema)
            yield from breaches.of_body("request body", check, value, self.dialect)

    def response(
        self,
        operation_id: str,
        status: int,
        content_type: str | None,
        body: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> Iterator[str]:
        """What is wrong with a response; headers are looked at only where they are given."""
        operation = self.operation(operation_id)
        if status not in operation.documented:
            listed = ", ".join(str(one) for one in sorted(operation.documented) if one <= 500)  # noqa: PLR2004
            yield f"status {status}: not documented for {operation_id}, which answers {listed} and other 5XX"
            return
        responses = object_of(operation.definition["responses"])
        answer = resolved(self.whole, responses.get(str(status), responses.get("default", {"$ref": self.refusal})))
        promised = "Location" in object_of(answer.get("headers"))
        if promised and headers is not None and "location" not in {name.lower() for name in headers}:
            yield f"response headers: Location is missing from {status} of {operation_id}"
        contents = object_of(answer.get("content"))
        if not contents:
            return
        allowed = [media_type.partition(";")[0].strip() for media_type in contents]
        media_type = (content_type or "").partition(";")[0].strip()
        if media_type.lower() not in allowed:
            shown = f'"{media_type}"' if media_type and len(media_type) <= breaches.LONGEST_QUOTE else "none or another"
            yield f"response content type: expected {' or '.join(allowed)}, saw {shown}"
        yield from self._response_body(operation_id, status, _schema(answer), body)

    def _response_body(self, operation_id: str, status: int, schema: JsonValue, body: bytes | None) -> Iterator[str]:
        if not body:
            yield "response body: expected JSON, saw nothing"
            return
        value = decoded(body)
        if isinstance(value, Undecoded):
            yield "response body: expected JSON, saw something else"
            return
        check = self._validator((operation_id, str(status)), schema)
        yield from breaches.of_body("response body", check, value, self.dialect)

    def _validator(self, key: tuple[str, str], schema: JsonValue) -> Validator:
        if key not in self._validators:
            self._validators[key] = validator(self.whole, schema, self.dialect)
        return self._validators[key]

    def _parameters(self, operation: Operation, given: Mapping[str, Mapping[str, str] | None]) -> Iterator[str]:
        for reference in array_of(operation.definition["parameters"]):
            parameter = resolved(self.whole, reference)
            side, name = text_of(parameter["in"]), text_of(parameter["name"])
            values = given.get(side)
            if values is None:  # nobody has looked at that side
                continue
            value = values.get(name)
            if value:
                schema = resolved(self.whole, parameter["schema"])
                if expectation := self._expectation(schema, value):
                    yield f"{side} parameter {name}: expected {expectation}, saw {breaches.seen(value, (name,))}"
            elif side == "query" and parameter.get("required") is True:
                yield f"query parameter {name}: is missing"

    def _expectation(self, schema: Mapping[str, JsonValue], value: str) -> str | None:
        """What was wanted where ``value`` is not it."""
        match schema.get("type"), schema.get("format"):
            case "array", _:
                allowed = array_of(object_of(schema["items"]).get("enum"))
                fine = all(one.strip() in allowed for one in value.split(","))
                return None if fine else f"a comma-separated list of {', '.join(map(str, allowed))}"
            case "integer", _:
                return _integer_expectation(schema, value)
            case "string", "date-time":
                return None if self.dialect.is_moment(value) else self.dialect.moment_words(value)
            case "string", "date":
                return None if is_date(value) else "a day such as 2026-11-24"
        return None


def _integer_expectation(schema: Mapping[str, JsonValue], value: str) -> str | None:
    least, most = schema.get("minimum"), schema.get("maximum")
    if INTEGER.fullmatch(value) is None:
        return "an integer"
    if isinstance(least, int) and int(value) < least:
        return f"{least} or more"
    if isinstance(most, int) and int(value) > most:
        return f"{most} or less"
    return None


def _schema(holder: Mapping[str, JsonValue]) -> JsonValue:
    """The schema of the only media type of a body."""
    content = next(iter(object_of(holder["content"]).values()))
    return object_of(content)["schema"]
