"""The AWS CLI, command by command."""

import concurrent.futures
import json
import pathlib
import subprocess
import sys
import uuid

import pytest

AWS = str(pathlib.Path(sys.executable).parent / "aws")
RUNTIME = "sagemaker-featurestore-runtime"


def run(*words):
    return subprocess.run([sys.executable, AWS, *words], capture_output=True, text=True, timeout=120)


def aws(*words):
    """What the command prints, as JSON; None if that is nothing."""
    done = run(*words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def refused(*words):
    """What the command says when it is refused."""
    done = run(*words)
    assert done.returncode != 0 and done.stdout == "", done.stdout
    return done.stderr


def record(**features):
    return json.dumps([{"FeatureName": name, "ValueAsString": value} for name, value in features.items()])


@pytest.fixture
def group(name, tmp_path):
    """A group of the features id, at, n and words, made from a file."""
    request = tmp_path / "group.json"
    request.write_text(json.dumps({
        "FeatureGroupName": name, "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at",
        "FeatureDefinitions": [
            {"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "String"},
            {"FeatureName": "n", "FeatureType": "Integral"}, {"FeatureName": "words", "FeatureType": "String", "CollectionType": "List"}],
        "OnlineStoreConfig": {"EnableOnlineStore": True, "StorageType": "InMemory"},
        "Description": "made by the CLI", "Tags": [{"Key": "k", "Value": "ü"}],
    }))
    assert aws("sagemaker", "create-feature-group", "--cli-input-json", f"file://{request}")["FeatureGroupArn"].endswith(name)
    yield name
    assert aws("sagemaker", "delete-feature-group", "--feature-group-name", name) is None


# Rule 1.7-2, 1.7-5, 1.9-1, 1.9-3, 1.11-1.
def test_groups(group):
    got = aws("sagemaker", "describe-feature-group", "--feature-group-name", group)
    assert got["FeatureGroupStatus"] == "Created" and got["Description"] == "made by the CLI"
    arn = got["FeatureGroupArn"]
    calls = {
        "list": ("list-feature-groups", "--name-contains", group, "--sort-by", "Name", "--query", "FeatureGroupSummaries[].FeatureGroupName"),
        "none": ("list-feature-groups", "--name-contains", group, "--creation-time-before", "2020-01-01T00:00:00Z"),
        "tags": ("list-tags", "--resource-arn", arn),
        "found": ("search", "--resource", "FeatureGroup", "--search-expression", json.dumps(
            {"Filters": [{"Name": "FeatureGroupName", "Operator": "Equals", "Value": group}]})),
        "suggested": ("get-search-suggestions", "--resource", "FeatureGroup", "--suggestion-query",
                      json.dumps({"PropertyNameQuery": {"PropertyNameHint": "Tags."}})),
    }
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = dict(zip(calls, pool.map(lambda words: aws("sagemaker", *words), calls.values())))
    assert answers["list"] == [group] and answers["none"]["FeatureGroupSummaries"] == []
    assert answers["tags"]["Tags"] == [{"Key": "k", "Value": "ü"}]
    assert answers["found"]["Results"][0]["FeatureGroup"]["FeatureGroupArn"] == arn
    assert {"PropertyName": "Tags.k"} in answers["suggested"]["PropertyNameSuggestions"]
    aws("sagemaker", "add-tags", "--resource-arn", arn, "--tags", "Key=a,Value=b")
    aws("sagemaker", "delete-tags", "--resource-arn", arn, "--tag-keys", "k")
    assert aws("sagemaker", "list-tags", "--resource-arn", arn)["Tags"] == [{"Key": "a", "Value": "b"}]


# Rule 1.5-2, 1.5-10, 1.8-4, 11-32.
def test_updates(group):
    where = ("--feature-group-name", group)
    aws("sagemaker", "update-feature-group", *where, "--feature-additions", "FeatureName=more,FeatureType=Fractional")
    aws("sagemaker", "update-feature-group", *where, "--online-store-config", "TtlDuration={Unit=Days,Value=3}")
    got = aws("sagemaker", "describe-feature-group", *where)
    assert got["FeatureDefinitions"][-1] == {"FeatureName": "more", "FeatureType": "Fractional"}
    assert got["OnlineStoreConfig"]["TtlDuration"] == {"Unit": "Days", "Value": 3} and got["LastUpdateStatus"]["Status"] == "Successful"
    # null for a member is no member: this removes the group's TtlDuration.
    aws("sagemaker", "update-feature-group", "--cli-input-json", json.dumps({"FeatureGroupName": group, "OnlineStoreConfig": {"TtlDuration": {}}}))
    assert "TtlDuration" not in aws("sagemaker", "describe-feature-group", *where)["OnlineStoreConfig"]
    feature = (*where, "--feature-name", "more")
    assert aws("sagemaker", "update-feature-metadata", *feature, "--description", "more of it", "--parameter-additions", "Key=unit,Value=m") is None
    got = aws("sagemaker", "describe-feature-metadata", *feature)
    assert got["Description"] == "more of it" and got["Parameters"] == [{"Key": "unit", "Value": "m"}]


# Rule 0.3-2, 2.1-8, 2.2-2, 2.2-3, 3.4-1.
def test_records(group):
    where = ("--feature-group-name", group)
    odd = "a 'b' \"c\" +%2F/é?&=\n"
    one = json.loads(record(id=odd, at="2024-01-01T00:00:00Z", n="-1")) + [{"FeatureName": "words", "ValueAsStringList": ["x", ""]}]
    assert aws(RUNTIME, "put-record", *where, "--record", json.dumps(one)) is None
    assert aws(RUNTIME, "get-record", *where, "--record-identifier-value-as-string", odd)["Record"] == one
    assert aws(RUNTIME, "get-record", *where, "--record-identifier-value-as-string", odd, "--feature-names", "n", "id")["Record"] == [one[0], one[2]]
    batch = aws(RUNTIME, "batch-get-record", "--identifiers", json.dumps([{"FeatureGroupName": group, "RecordIdentifiersValueAsString": [odd, "x"]}]))
    assert [r["Record"] for r in batch["Records"]] == [one] and batch["Errors"] == [] and batch["UnprocessedIdentifiers"] == []
    aws(RUNTIME, "delete-record", *where, "--record-identifier-value-as-string", odd, "--event-time", "2024-01-02T00:00:00Z", "--deletion-mode", "SoftDelete")
    assert aws(RUNTIME, "get-record", *where, "--record-identifier-value-as-string", odd) in (None, {})


# Rule 2.6-4, 2.7-1, 2.7-2, 11-31.
def test_batches_and_pages(group):
    where = ("--feature-group-name", group)
    entries = [{"FeatureGroupName": group, "Record": json.loads(record(id=f"r{i}", at="2024-01-01T00:00:00Z"))} for i in range(20)]
    entries.append({"FeatureGroupName": group, "Record": json.loads(record(id="bad", at="never"))})
    reply = aws(RUNTIME, "batch-write-record", "--cli-input-json", json.dumps({"Entries": entries, "TtlDuration": {"Unit": "Weeks", "Value": 3000}}))
    assert [error["Entry"] for error in reply["Errors"]] == entries[-1:] and reply["UnprocessedEntries"] == []
    assert sorted(aws(RUNTIME, "list-records", *where, "--page-size", "7")["RecordIdentifiers"]) == sorted(f"r{i}" for i in range(20))
    page = aws(RUNTIME, "list-records", *where, "--max-items", "8")
    rest = aws(RUNTIME, "list-records", *where, "--starting-token", page["NextToken"])
    assert len(page["RecordIdentifiers"]) == 8 and len(page["RecordIdentifiers"] + rest["RecordIdentifiers"]) == 20
    assert set(page["RecordIdentifiers"]).isdisjoint(rest["RecordIdentifiers"])


# Rule 1.7-6, 1.7-7.
def test_pages_of_groups(tmp_path):
    prefix = f"cli-{uuid.uuid4().hex[:8]}"
    make = lambda i: aws(
        "sagemaker", "create-feature-group", "--feature-group-name", f"{prefix}-{i}", "--record-identifier-feature-name", "id",
        "--event-time-feature-name", "at", "--feature-definitions", "FeatureName=id,FeatureType=String", "FeatureName=at,FeatureType=Fractional",
        "--online-store-config", "EnableOnlineStore=true")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(make, range(3)))
    listed = aws("sagemaker", "list-feature-groups", "--name-contains", prefix, "--sort-by", "Name", "--sort-order", "Ascending", "--page-size", "2")
    assert [g["FeatureGroupName"] for g in listed["FeatureGroupSummaries"]] == [f"{prefix}-{i}" for i in range(3)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda i: aws("sagemaker", "delete-feature-group", "--feature-group-name", f"{prefix}-{i}"), range(3)))


# Rule 1.2-4, 1.2-5, 1.10-10, 2.2-6, 2.7-5, 2.9-1.
def test_errors(group):
    where = ("--feature-group-name", group)
    nobody = ("--feature-group-name", "nobody-has-this-name")
    cases = [
        (("sagemaker", "describe-feature-group", *nobody), "(ResourceNotFound)"),
        (("sagemaker", "create-feature-group", *where, "--record-identifier-feature-name", "id", "--event-time-feature-name", "id",
          "--feature-definitions", "FeatureName=id,FeatureType=String", "--online-store-config", "EnableOnlineStore=true"), "(ResourceInUse)"),
        (("sagemaker", "search", "--resource", "FeatureGroup", "--search-expression", '{"Filters": [{"Name": "X", "Value": "1"}]}'), "(ValidationException)"),
        (("sagemaker", "list-feature-groups", "--cli-input-json", '{"MaxResults": 101, "NameContains": "+"}'), "(ValidationException)"),
        (("sagemaker", "list-feature-groups", "--no-paginate", "--next-token", "not one of ours"), "(ValidationException)"),
        ((RUNTIME, "get-record", *nobody, "--record-identifier-value-as-string", "a"), "(ResourceNotFound)"),
        ((RUNTIME, "list-records", *nobody), "(ResourceNotFound)"),
        ((RUNTIME, "put-record", *where, "--record", record(id="a")), "(ValidationError)"),
        ((RUNTIME, "delete-record", *where, "--record-identifier-value-as-string", "a", "--event-time", "now"), "(ValidationError)"),
    ]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for (words, code), said in zip(cases, pool.map(lambda case: refused(*case[0]), cases)):
            assert code in said and words[1].replace("-", "") in said.lower(), said
