"""Signs requests as the enrolled kiosk would, and writes batches line by line.

PINGYI_DEVICE_ID: the device's id. PINGYI_DEVICE_KEY: the file of its 32 secret bytes.
"""

import json
import os
import time
from pathlib import Path

import blake3
import nacl.signing
import requests.auth
import schemathesis

DEVICE = os.environ["PINGYI_DEVICE_ID"]
KEY = nacl.signing.SigningKey(Path(os.environ["PINGYI_DEVICE_KEY"]).read_bytes())
SIGNED = ("/api/v1/heartbeat", "/api/v1/board", "/api/v1/photos/")


class BySignature(requests.auth.AuthBase):
    """The three headers, made when the body is final."""

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        now = str(int(time.time() * 1000))
        parts = (request.method.encode(), request.path_url.encode(), now.encode(), body)
        message = b"pingyi-request-v1" + b"".join(blake3.blake3(part).digest() for part in parts)
        request.headers["x-pingyi-device"] = DEVICE
        request.headers["x-pingyi-time"] = now
        request.headers["x-pingyi-signature"] = KEY.sign(message).signature.hex()
        return request


@schemathesis.hook
def before_call(_context, case, kwargs):
    if case.path.startswith(SIGNED):
        kwargs["auth"] = BySignature()


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value):
    return value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()
