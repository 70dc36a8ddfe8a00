"""The AWS CLI within this process: the same commands, without a second of start for each."""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

models = create_clidriver().session.get_component("data_loader")  # of the services, read once


class Text(io.TextIOWrapper):
    def __init__(self, content=b""):
        self.held = io.BytesIO(content)
        super().__init__(self.held, encoding="utf-8", newline="", write_through=True)


def run(*words, stdin=b""):
    """Status, standard output as bytes, and errors as text."""
    out, err, before = Text(), Text(), sys.stdin
    sys.stdin = Text(stdin)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            driver = create_clidriver()
            driver.session.register_component("data_loader", models)
            status = driver.main([str(word) for word in words])
    finally:
        sys.stdin = before
    return status, out.held.getvalue(), err.held.getvalue().decode()


def aws(*words, stdin=b""):
    """What the command prints: JSON as what it means, other text as lines."""
    status, out, err = run(*words, stdin=stdin)
    assert status == 0, f"{words}: {status} {err}"
    if out[:1] in (b"{", b"["):
        return json.loads(out)
    return out.decode().splitlines()


def refused(*words):
    """What the command says when it is refused."""
    status, out, err = run(*words)
    assert status != 0, f"{words}: {out}"
    return err
