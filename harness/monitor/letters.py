"""How people are told: a letter by SMTP, or a POST to a webhook."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import format_datetime

import httpx

from harness.monitor.history import Letter
from harness.monitor.rules import Occasion
from harness.monitor.settings import Endpoint, Mail, MonitorSettings, Webhook

__all__ = ["MAIL", "WEBHOOK", "Send", "Undelivered", "channels", "words"]

MAIL, WEBHOOK = "mail", "webhook"
TIMEOUT_S = 15.0

Send = Callable[[Letter, Endpoint], None]
"""Gives a letter to its channel, or raises :class:`Undelivered`."""


class Undelivered(Exception):
    """A letter could not be delivered; the text says why, without a secret."""


def channels(settings: MonitorSettings) -> Mapping[str, Send]:
    """Every channel that is configured, by name."""
    found: dict[str, Send] = {}
    if settings.mail is not None:
        found[MAIL] = _by_mail(settings.mail)
    if settings.webhook is not None:
        found[WEBHOOK] = _by_webhook(settings.webhook)
    return found


def words(letter: Letter, endpoint: Endpoint) -> tuple[str, str]:
    """Subject and text."""
    at = f"{letter.at:%Y-%m-%d %H:%M:%S} UTC"
    since = f"{letter.failing_since:%Y-%m-%d %H:%M:%S} UTC" if letter.failing_since else "an unknown time"
    if letter.occasion is Occasion.WORKS_AGAIN:
        text = f"The endpoint {endpoint.shown} answers again, seen at {at}. It had failed since {since}."
        return f"{endpoint.name} works again", text
    lines = [
        f"The endpoint {endpoint.shown} failed three times in a row, last at {at}; it has failed since {since}.",
        f"Seen last: {letter.trouble}. Expected: any answer below 500.",
        "",
        "Docplanner pings it every 5 minutes and raises its own alarm after three failures.",
        "Notifications that are not accepted meanwhile are tried again a few times, then kept for 14 days: have them",
        "dispatched again (releaseNotifications), or compare the calendars with getBookings.",
    ]
    if endpoint.realtime:
        lines += ["", "Real-time questions (slot-booking, booking-moving) go there: patients cannot book or move now."]
    lines += ["", "Next: look whether the server runs, and what its log says of these requests."]
    lines += ["No further letter comes until it works again."]
    return f"{endpoint.name} fails: {letter.trouble}", "\n".join(lines)


def _by_mail(mail: Mail) -> Send:
    def send(letter: Letter, endpoint: Endpoint) -> None:
        subject, text = words(letter, endpoint)
        message = EmailMessage()
        message["From"], message["To"] = mail.sender, ", ".join(mail.to)
        message["Subject"] = f"[Docplanner endpoint] {subject}"
        message["Date"] = format_datetime(letter.at)
        # the same letter keeps its id, so that one that was taken although the answer got lost is known for the same
        message["Message-ID"] = f"<letter-{letter.id}.{letter.at:%Y%m%d%H%M%S}@{mail.sender.rpartition('@')[2]}>"
        message.set_content(text)
        try:
            with _server(mail) as server:
                if mail.username:
                    server.login(mail.username, mail.password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise Undelivered(_without(mail.password, f"{mail.host}:{mail.port}: {error}")) from error

    return send


def _server(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=mail.ca_file or None)
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_S)
    if mail.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _by_webhook(webhook: Webhook) -> Send:
    def send(letter: Letter, endpoint: Endpoint) -> None:
        subject, text = words(letter, endpoint)
        told = {
            "text": f"{subject}\n{text}",
            "letter": letter.id,
            "endpoint": endpoint.name,
            "url": endpoint.shown,
            "occasion": str(letter.occasion),
            "at": letter.at.isoformat(),
            "failing_since": letter.failing_since.isoformat() if letter.failing_since else None,
        }
        try:
            answer = httpx.post(webhook.url, json=told, timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)
        except httpx.HTTPError as error:
            raise Undelivered(_without(webhook.url, f"the webhook gave no answer: {error}")) from error
        if not answer.is_success:
            message = f"the webhook answered {answer.status_code}"
            raise Undelivered(message)

    return send


def _without(secret: str, text: str) -> str:
    return text.replace(secret, "***") if secret else text
