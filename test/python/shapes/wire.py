"""Requests that no SDK would send: signed as botocore signs, and otherwise as they are given."""

import http.client
import json
import os
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def ok(self):
        return self.status == 200

    @property
    def json(self):
        return json.loads(self.body) if self.body.strip() else {}

    @property
    def code(self):
        return self.headers.get("x-amzn-errortype", "")

    @property
    def message(self):
        return self.json.get("Message", "")

    def __str__(self):
        return f"{self.status} {self.code} {self.body[:2000].decode(errors='replace')}"


class Wire:
    """One connection to the server, which is kept alive."""

    def __init__(self):
        session = botocore.session.get_session()
        self.endpoint = os.environ["AWS_ENDPOINT_URL"].rstrip("/")
        credentials = session.get_credentials().get_frozen_credentials()
        self.signer = SigV4Auth(credentials, "sagemaker", session.get_config_variable("region"))
        self.connection = http.client.HTTPConnection(urlsplit(self.endpoint).netloc, timeout=60)

    def close(self):
        self.connection.close()

    def call(self, operation, given):
        """Sends what is given for an operation, of whatever type it is."""
        method, target, headers, body = serialize(operation, given)
        request = AWSRequest(method=method, url=self.endpoint + target, data=body, headers=headers)
        self.signer.add_auth(request)
        self.connection.request(method, target, body, dict(request.headers.items()))
        response = self.connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


def serialize(operation, given):
    """Puts members where the model says that they go."""
    if operation.service_model.protocol == "json":
        target = f"{operation.service_model.metadata['targetPrefix']}.{operation.name}"
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
        return "POST", "/", headers, json.dumps(given).encode()
    path, query, body = operation.http["requestUri"], [], {}
    for name, value in given.items():
        member = operation.input_shape.members.get(name)
        place = member.serialization if member else {}
        match place.get("location"):
            case "uri":
                path = path.replace("{" + place["name"] + "}", quote(str(value), safe=""))
            case "querystring":
                query += [(place["name"], v) for v in (value if isinstance(value, list) else [value])]
            case _:
                body[name] = value
    if query:
        path += "?" + urlencode(query, quote_via=quote)
    if operation.http["method"] in ("GET", "DELETE"):
        return operation.http["method"], path, {}, b""
    return operation.http["method"], path, {"Content-Type": "application/json"}, json.dumps(body).encode()
