"""Signs requests with botocore's own signers, in header and query, and sends them as they are.

Environment: ENDPOINT; KEYS, a JSON map of account to [access key id, secret].
"""
import json
import os
import sys
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ENDPOINT = os.environ["ENDPOINT"]
credentials = Credentials(*json.loads(os.environ["KEYS"])["111122223333"])


def send(signer, method, path, body=None, headers=None):
    request = AWSRequest(method=method, url=ENDPOINT + path, data=body, headers=headers or {})
    signer.add_auth(request)
    prepared = request.prepare()
    http = urllib.request.Request(prepared.url, data=prepared.body, headers=dict(prepared.headers), method=method)
    try:
        with urllib.request.urlopen(http) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def header(region="eu-west-1"):
    return SigV4Auth(credentials, "guardduty", region)


def query(expires=60):
    return SigV4QueryAuth(credentials, "guardduty", "eu-west-1", expires=expires)


def expect(actual, status, part=""):
    if actual[0] != status or part not in json.dumps(actual[1]):
        sys.exit(f"{actual}, expected {status} with {part!r}")


expect(send(header(), "GET", "/detector"), 200, '"detectorIds": []')
expect(send(query(), "GET", "/detector"), 200, '"detectorIds": []')
expect(send(query(604800), "GET", "/detector?maxResults=5"), 200)
expect(send(query(604801), "GET", "/detector"), 403, "X-Amz-Expires")
expect(send(header("cn-north-1"), "GET", "/detector"), 200)
status, answer = send(header(), "POST", "/detector", b'{"enable": true}', {"Content-Type": "application/json", "X-Amz-Meta": "  two  spaces "})
expect((status, answer), 200, "detectorId")
arn = f"arn%3Aaws%3Aguardduty%3Aeu-west-1%3A111122223333%3Adetector%2F{answer['detectorId']}"
expect(send(header(), "POST", f"/tags/{arn}", '{"tags": {"a b": "c/é"}}'.encode()), 204)
expect(send(header(), "GET", f"/tags/{arn}"), 200, '"a b": "c/\\u00e9"')
expect(send(query(), "DELETE", f"/tags/{arn}?tagKeys=a%20b&tagKeys=none"), 204)
expect(send(header(), "GET", f"/tags/{arn}"), 200, '"tags": {}')
expect(send(SigV4Auth(credentials, "s3", "eu-west-1"), "GET", "/detector"), 403, "correct service")
expect(send(SigV4Auth(Credentials(credentials.access_key, "wrong"), "guardduty", "eu-west-1"), "GET", "/detector"), 403, "does not match")
expect(send(SigV4Auth(Credentials("AKIAAAAAAAAAAAAAAAAA", "wrong"), "guardduty", "eu-west-1"), "GET", "/detector"), 403, "security token")
expect(send(SigV4Auth(Credentials(credentials.access_key, credentials.secret_key, "session"), "guardduty", "eu-west-1"), "GET", "/detector"), 403, "security token")
