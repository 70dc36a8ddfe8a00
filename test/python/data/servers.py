"""Servers of a test's own, beside the one that all suites share."""

import os
import pathlib
import signal
import subprocess
import time

LARDER = os.environ.get("LARDER", str(pathlib.Path(__file__).parents[3] / "bin" / "larder"))


class Server:
    """A server on a directory of its own, which can be killed and started again."""

    def __init__(self, where, *flags):
        self.data, self.flags = where / "data", flags
        self.log = open(where / "log", "ab")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [LARDER, "serve", "--data", self.data, "--listen", "127.0.0.1:0", *self.flags], stderr=self.log)
        deadline = time.monotonic() + 30
        while subprocess.run([LARDER, "env", "--data", self.data], capture_output=True).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        lines = subprocess.run([LARDER, "exec", "--data", self.data, "--", "env", "-0"], capture_output=True, check=True).stdout
        environ = dict(line.split("=", 1) for line in lines.decode().split("\0") if line)
        self.endpoint = environ["AWS_ENDPOINT_URL"]
        self.key, self.secret = environ["AWS_ACCESS_KEY_ID"], environ["AWS_SECRET_ACCESS_KEY"]

    def kill(self):
        """The end that a power cut makes of a process."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """The orderly end. Whoever asks for it must find no error in the log."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                status = self.process.wait(timeout=30)
            finally:
                self.kill()  # of no effect on one that has ended
            assert status == 0, self.said()
        self.log.close()
        assert "level=ERROR" not in self.said(), self.said()

    def said(self):
        return pathlib.Path(self.log.name).read_text()[-5000:]

    def client(self, service, **more):
        import boto3

        return boto3.client(
            service, endpoint_url=self.endpoint, aws_access_key_id=self.key, aws_secret_access_key=self.secret,
            region_name="us-east-1", **more)

    def flush(self, group):
        flush(group, self.data)

    def blobs(self):
        """How many files with bytes of objects there are, and their bytes."""
        files = [file.stat() for file in (self.data / "blobs").rglob("*") if file.is_file()]
        return len(files), sum(file.st_size for file in files)


def flush(group, data=None):
    """Every row of the group that was acknowledged is in a file afterwards. Without data: on the shared server."""
    where = ["--data", data] if data else []
    subprocess.run([LARDER, "flush", "--group", group, *where], check=True, capture_output=True, text=True)
