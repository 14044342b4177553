"""A mail server for a test: prints its port, then each message as one line of JSON.

Arguments: port, user, password, certificate, key; an empty user or certificate leaves that out.
"""
import json
import signal
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "surrogateescape")
        secure = session.ssl is not None
        user = session.auth_data.decode() if session.auth_data else None
        print(json.dumps({"to": envelope.rcpt_tos, "from": envelope.mail_from, "text": text, "tls": secure, "user": user}), flush=True)
        return "250 taken"


port, user, password, certificate, key = sys.argv[1:6]


def check(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=good, auth_data=data.login if good else None, handled=False)


settings = {}
if certificate:
    settings["tls_context"] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    settings["tls_context"].load_cert_chain(certificate, key)
    settings["require_starttls"] = True
if user:
    settings.update(authenticator=check, auth_required=True)
controller = Controller(Mailbox(), hostname="127.0.0.1", port=int(port), **settings)
controller.start()
print(json.dumps({"port": controller.port}), flush=True)
signal.pause()
