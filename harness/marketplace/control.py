"""One call to the embedded sandbox's control API, with what caused it, and its refusals as errors of ours."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import httpx
import msgspec

from harness.errors import DocplannerRefused, DocplannerUnreachable
from harness.marketplace.port import Cause

__all__ = ["SandboxControl"]


class _Refusal(msgspec.Struct, frozen=True):
    error: str = "invalid"
    message: str = ""


class SandboxControl:
    """The control API at an address, opened by its token."""

    def __init__(self, control_url: str, *, token: str, transport: httpx.BaseTransport) -> None:
        self._http = httpx.Client(
            base_url=control_url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            transport=transport,
            timeout=30.0,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        params: Mapping[str, str] | None = None,
        cause: Cause | None = None,
    ) -> bytes:
        """The body of the answer.

        Raises:
            DocplannerUnreachable: there was no answer.
            DocplannerRefused: with the status and the word of the control contract.
        """
        headers = (
            {"X-Acceptance-Scenario": quote(cause.scenario), "X-Acceptance-Cause": str(cause.line)} if cause else {}
        )
        try:
            answer = self._http.request(method, path, json=body, params=params, headers=headers)
        except httpx.HTTPError as error:
            message = f"The sandbox did not answer {method} {path} ({type(error).__name__})."
            raise DocplannerUnreachable(message) from error
        if answer.is_success:
            return answer.content
        try:
            refusal = msgspec.json.decode(answer.content, type=_Refusal)
        except msgspec.DecodeError:
            refusal = _Refusal("invalid", answer.text[:200])
        message = f"Docplanner refused {method} {path}: {answer.status_code} {refusal.error}, {refusal.message}"
        raise DocplannerRefused(message, status=answer.status_code, error=refusal.error)
