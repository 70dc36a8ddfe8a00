"""A Larder server of the bench's own: groups, imports, training sets, and what it took."""

import os
import subprocess
import time
from pathlib import Path

import boto3
from history import FEATURES, GROUPS, LOOK_BACK_DAYS

LARDER = os.environ.get("LARDER", str(Path(__file__).parents[2] / "bin" / "larder"))
KINDS = {"amount": "Fractional", "count": "Integral"}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Server:
    """Starts on data, as it is there. Stop it."""

    def __init__(self, data):
        self.data, self.log = Path(data), open(f"{data}.log", "ab")
        self.process = subprocess.Popen([LARDER, "serve", "--data", data, "--listen", "127.0.0.1:0"], stderr=self.log)
        deadline = time.monotonic() + 60
        while subprocess.run([LARDER, "env", "--data", data], capture_output=True).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(Path(self.log.name).read_text()[-2000:])
            time.sleep(0.05)
        lines = run(LARDER, "exec", "--data", data, "--", "env", "-0").split("\0")
        self.environ = dict(line.split("=", 1) for line in lines if line)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def client(self, service):
        return boto3.client(
            service, endpoint_url=self.environ["AWS_ENDPOINT_URL"], region_name=self.environ["AWS_REGION"],
            aws_access_key_id=self.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key=self.environ["AWS_SECRET_ACCESS_KEY"])

    def create_groups(self):
        self.client("s3").create_bucket(Bucket="lake")
        for group, (_, time_type) in GROUPS.items():
            types = {"id": "String", "at": time_type} | {name: KINDS.get(name.split("_")[0], "String") for name in FEATURES}
            self.client("sagemaker").create_feature_group(
                FeatureGroupName=group, RecordIdentifierFeatureName="id", EventTimeFeatureName="at",
                FeatureDefinitions=[{"FeatureName": name, "FeatureType": kind} for name, kind in types.items()],
                OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://lake/features"}},
                RoleArn="arn:aws:iam::123456789012:role/larder")

    def load(self, group, directory):
        """Imports a history, file after file: what was written later corrects."""
        for file in sorted(Path(directory).glob("*.parquet")):
            run(LARDER, "import", file, "--group", group, "--column", "created=", "--data", self.data)
        run(LARDER, "flush", "--group", group, "--data", self.data)

    def files(self, group, directory):
        """Copies the files of a group's offline table into the directory, under the names they have in the bucket."""
        s3, n, size = self.client("s3"), 0, 0
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket="lake", Prefix="features/"):
            for found in page.get("Contents", []):
                if f"/{group}-" in found["Key"] and found["Key"].endswith(".parquet"):
                    target = Path(directory, found["Key"].split("/data/", 1)[1])
                    target.parent.mkdir(parents=True, exist_ok=True)
                    s3.download_file("lake", found["Key"], str(target))
                    n, size = n + 1, size + found["Size"]
        return n, size

    def training_set(self, labels, out, version):
        """Makes a training set of labels and writes it to out. Returns the seconds of the commands."""
        wanted = f"features={','.join(FEATURES)} look-back={LOOK_BACK_DAYS}d"
        groups = [part for group in GROUPS for part in ("--group", f"{group} on={group} {wanted} prefix={group}_")]
        begin = time.perf_counter()
        run(LARDER, "dataset", "create", "fraud", "--labels", labels, "--time", "at", *groups, "--data", self.data)
        made = time.perf_counter() - begin
        run(LARDER, "dataset", "export", f"fraud:{version}", out, "--data", self.data)
        return made
