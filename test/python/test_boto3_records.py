"""The seven operations of the runtime, as boto3 sends them."""

import datetime
import time

import pytest
from records import ago, features, instant, record


def code(error):
    return error.value.response["Error"]["Code"]


def status(error):
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"]


# Rule 0.3-3, 2.3-3, 3.1-1, 3.1-2, 3.1-3, 3.1-4, 3.1-5, 3.1-6, 3.1-8, 11-1.
def test_put_record_keeps_the_latest_event_time(runtime, make_group, rows):
    group = make_group(offline=True, n="Integral")
    for at, n in [("2024-01-02T00:00:00Z", "1"), ("2024-01-01T00:00:00Z", "2"), ("2024-01-03T00:00:00Z", "3"), ("2024-01-03T00:00:00.000Z", "4")]:
        reply = runtime.put_record(FeatureGroupName=group, Record=record(id="a", at=at, n=n))
        assert set(reply) == {"ResponseMetadata"}
    got = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")
    assert got["Record"] == record(id="a", at="2024-01-03T00:00:00.000Z", n="4")
    assert rows(group, "SELECT n FROM {table} ORDER BY n") == [["1"], ["2"], ["3"], ["4"]]


# Rule 2.3-4, 3.1-7, 12-2.
def test_target_stores(runtime, make_group, rows):
    group = make_group(offline=True)
    one = dict(FeatureGroupName=group, Record=record(id="a", at="2024-01-01T00:00:00Z"))
    runtime.put_record(**one, TargetStores=["OfflineStore"])
    assert "Record" not in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")
    runtime.put_record(**one, TargetStores=["OnlineStore"])
    assert runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")["Record"] == one["Record"]
    assert rows(group, "SELECT count(*) FROM {table}") == [["1"]]
    only = make_group()
    with pytest.raises(runtime.exceptions.ValidationError):
        runtime.put_record(FeatureGroupName=only, Record=one["Record"], TargetStores=["OfflineStore"])


# Rule 0.3-2, 2.2-3, 2.5-3, 2.5-6, 12-6.
def test_a_subset_of_features_is_exactly_that(runtime, make_group):
    group = make_group(n="Integral", x="Fractional")
    runtime.put_record(FeatureGroupName=group, Record=record(x="1.50", n="7", at="2024-01-01T00:00:00Z", id="é/%2F +"))
    got = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="é/%2F +", FeatureNames=["x", "id"])
    assert features(got["Record"]) == {"id": "é/%2F +", "x": "1.50"}
    batch = runtime.batch_get_record(Identifiers=[{
        "FeatureGroupName": group, "RecordIdentifiersValueAsString": ["é/%2F +", "nobody"], "FeatureNames": ["x", "id"],
    }])
    assert [(r["FeatureGroupName"], r["RecordIdentifierValueAsString"]) for r in batch["Records"]] == [(group, "é/%2F +")]
    assert batch["Records"][0]["Record"] == got["Record"]
    assert batch["Errors"] == [] and batch["UnprocessedIdentifiers"] == []


# Rule 2.1-1, 2.5-4, 2.5-5.
def test_names_and_arns_are_echoed_as_sent(runtime, sagemaker_client, make_group):
    group = make_group()
    arn = sagemaker_client.describe_feature_group(FeatureGroupName=group)["FeatureGroupArn"]
    runtime.put_record(FeatureGroupName=arn, Record=record(id="a", at="2024-01-01T00:00:00Z"))
    assert runtime.get_record(FeatureGroupName=arn, RecordIdentifierValueAsString="a")["Record"]
    batch = runtime.batch_get_record(Identifiers=[
        {"FeatureGroupName": ref, "RecordIdentifiersValueAsString": ["a"]} for ref in (arn, group)
    ])
    assert [r["FeatureGroupName"] for r in batch["Records"]] == [arn, group]
    assert runtime.list_records(FeatureGroupName=arn)["RecordIdentifiers"] == ["a"]


# Rule 3.4-1, 3.4-2, 3.4-4, 3.4-5, 3.4-7, 3.4-8, 3.4-9, 11-7, 11-8, 12-3.
def test_deletes(runtime, make_group, rows):
    group = make_group(offline=True, n="Integral")
    get = lambda: runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a").get("Record")
    delete = lambda at, **more: runtime.delete_record(
        FeatureGroupName=group, RecordIdentifierValueAsString="a", EventTime=at, **more)
    put = lambda at: runtime.put_record(FeatureGroupName=group, Record=record(id="a", at=at, n="1"))
    put("2024-01-10T00:00:00Z")
    delete("2024-01-05T00:00:00Z")  # stale: a marker offline, nothing online
    assert get()
    delete("2024-01-11T00:00:00Z", DeletionMode="SoftDelete")
    assert get() is None
    put("2024-01-10T12:00:00Z")  # older than the tombstone
    assert get() is None
    put("2024-01-12T00:00:00Z")
    assert get()
    with pytest.raises(runtime.exceptions.ValidationError) as error:
        delete("2024-01-11T00:00:00Z", DeletionMode="HardDelete")
    assert status(error) == 400 and get()
    delete("2024-01-13T00:00:00Z", DeletionMode="HardDelete")
    assert get() is None
    put("2024-01-01T00:00:00Z")  # nothing is remembered of what was there
    assert get()
    assert rows(group, "SELECT count(*), count_if(is_deleted), count_if(is_deleted AND n IS NULL) FROM {table}") == [["7", "3", "3"]]


# Rule 1.5-9, 1.5-10, 2.2-7, 2.3-6, 3.5-1, 3.5-2, 3.5-3, 3.5-8, 11-32, 12-4.
def test_time_to_live(runtime, sagemaker_client, make_group):
    group = make_group(more={"OnlineStoreConfig": {"TtlDuration": {"Unit": "Hours", "Value": 1}}})
    at = ago()

    def expires(identifier):
        got = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString=identifier, ExpirationTimeResponse="Enabled")
        batch = runtime.batch_get_record(ExpirationTimeResponse="Enabled", Identifiers=[
            {"FeatureGroupName": group, "RecordIdentifiersValueAsString": [identifier]}])["Records"]
        assert [r.get("ExpiresAt") for r in batch] == ([got.get("ExpiresAt")] if "Record" in got else [])
        return instant(got["ExpiresAt"]) - instant(at) if "ExpiresAt" in got else None

    runtime.put_record(FeatureGroupName=group, Record=record(id="group", at=at))
    assert expires("group") == datetime.timedelta(hours=1)
    assert "ExpiresAt" not in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="group")
    for unit, seconds in [("Seconds", 1), ("Minutes", 60), ("Hours", 3600), ("Days", 86400), ("Weeks", 604800)]:
        runtime.put_record(FeatureGroupName=group, Record=record(id=unit, at=at), TtlDuration={"Unit": unit, "Value": 100})
        assert expires(unit) == datetime.timedelta(seconds=100 * seconds)
    sagemaker_client.update_feature_group(FeatureGroupName=group, OnlineStoreConfig={"TtlDuration": {"Unit": "Days", "Value": 2}})
    runtime.put_record(FeatureGroupName=group, Record=record(id="later", at=at))
    assert expires("later") == datetime.timedelta(days=2) and expires("group") == datetime.timedelta(hours=1)
    sagemaker_client.update_feature_group(FeatureGroupName=group, OnlineStoreConfig={"TtlDuration": {}})
    runtime.put_record(FeatureGroupName=group, Record=record(id="forever", at=at))
    assert expires("forever") is None
    # Expired when it is put: accepted, and not to be seen.
    runtime.put_record(FeatureGroupName=group, Record=record(id="past", at=ago(hours=1)), TtlDuration={"Unit": "Minutes", "Value": 30})
    assert "Record" not in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="past")


# Rule 2.7-3, 3.5-4, 3.5-5, 3.5-6, 12-4.
def test_a_record_expires(runtime, make_group, rows):
    group = make_group(offline=True)
    at = ago()
    runtime.put_record(FeatureGroupName=group, Record=record(id="a", at=at), TtlDuration={"Unit": "Seconds", "Value": 2})
    assert "Record" in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")
    until = time.monotonic() + 30
    while time.monotonic() < until and "Record" in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a"):
        time.sleep(0.1)
    assert "Record" not in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")
    assert runtime.batch_get_record(Identifiers=[
        {"FeatureGroupName": group, "RecordIdentifiersValueAsString": ["a"]}])["Records"] == []
    assert runtime.list_records(FeatureGroupName=group, IncludeSoftDeletedRecords=True)["RecordIdentifiers"] == []
    runtime.put_record(FeatureGroupName=group, Record=record(id="a", at="2024-01-01T00:00:00Z"))
    assert "Record" in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")
    assert rows(group, "SELECT count(*) FROM {table}") == [["3"]]
    [[marker]] = rows(group, "SELECT at FROM {table} WHERE is_deleted")
    assert instant(marker) - instant(at) == datetime.timedelta(seconds=2)


# Rule 2.1-2, 3.3-5, 3.3-6, 3.3-7, 3.3-8, 3.3-10, 12-7.
def test_collections(runtime, make_group):
    group = make_group(
        storage="InMemory",
        tags={"FeatureType": "String", "CollectionType": "List"},
        seen={"FeatureType": "Integral", "CollectionType": "Set"},
        where={"FeatureType": "Fractional", "CollectionType": "Vector", "CollectionConfig": {"VectorConfig": {"Dimension": 3}}},
    )
    one = record(id="a", at="2024-01-01T00:00:00Z", tags=["x", "", "x"], seen=["1", "2", "1"], where=["0.5", "1e3", "-2"])
    runtime.put_record(FeatureGroupName=group, Record=one)
    got = features(runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")["Record"])
    assert sorted(got.pop("seen")) == ["1", "2"]
    assert got == {"id": "a", "at": "2024-01-01T00:00:00Z", "tags": ["x", "", "x"], "where": ["0.5", "1e3", "-2"]}
    runtime.put_record(FeatureGroupName=group, Record=record(id="a", at="2024-01-02T00:00:00Z", tags=[], seen=["3"]))
    got = features(runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")["Record"])
    assert got == {"id": "a", "at": "2024-01-02T00:00:00Z", "seen": ["3"]}  # an empty list is no value
    for wrong, word in [
        (record(where=["1", "2"]), "where"),
        (record(where=["1", "2", "east"]), "where"),
        (record(seen=["1.5"]), "seen"),
        (record(tags="x"), "tags"),
        ([{"FeatureName": "tags", "ValueAsString": "x", "ValueAsStringList": ["x"]}], "tags"),
        (record(id=["b"]), "id"),
    ]:
        named = {value["FeatureName"] for value in wrong}
        rest = [value for value in record(id="b", at="2024-01-01T00:00:00Z") if value["FeatureName"] not in named]
        with pytest.raises(runtime.exceptions.ValidationError) as error:
            runtime.put_record(FeatureGroupName=group, Record=rest + wrong)
        assert word in error.value.response["Error"]["Message"], wrong
    assert "Record" not in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="b")


# Rule 2.6-2, 2.6-5, 12-13.
@pytest.mark.parametrize("count", [1, 5, 25])
def test_batch_write_record(runtime, make_group, rows, count):
    group = make_group(offline=True, n="Integral")
    entries = [{"FeatureGroupName": group, "Record": record(id=str(i), at="2024-01-01T00:00:00Z", n=str(i))} for i in range(count)]
    reply = runtime.batch_write_record(Entries=entries)
    assert reply["Errors"] == [] and reply["UnprocessedEntries"] == []
    got = runtime.batch_get_record(Identifiers=[
        {"FeatureGroupName": group, "RecordIdentifiersValueAsString": [str(i) for i in range(count)]}])["Records"]
    assert [r["Record"] for r in got] == [e["Record"] for e in entries]
    assert rows(group, "SELECT count(*), sum(n) FROM {table}") == [[str(count), str(sum(range(count)))]]


# Rule 2.6-4, 2.6-7, 11-30, 11-31, 12-13.
def test_batch_write_record_fails_entry_by_entry(runtime, make_group):
    group, narrow = make_group(n="Integral"), make_group(offline=True, online=False)
    good = [{"FeatureGroupName": group, "Record": record(id=i, at="2024-01-01T00:00:00Z", n="1")} for i in "ab"]
    bad = [
        {"FeatureGroupName": group, "Record": record(at="2024-01-01T00:00:00Z", n="2")},
        {"FeatureGroupName": group, "Record": record(id="c", at="2024-01-01T00:00:00Z", n="two"), "TargetStores": ["OnlineStore"]},
        {"FeatureGroupName": "nobody-has-this-name", "Record": record(id="d", at="x")},
        {"FeatureGroupName": narrow, "Record": record(id="e", at="2024-01-01T00:00:00Z"), "TtlDuration": {"Unit": "Days", "Value": 1}},
    ]
    reply = runtime.batch_write_record(Entries=[good[0], *bad, good[1]], TtlDuration={"Unit": "Weeks", "Value": 5000})
    echoed = [error["Entry"] for error in reply["Errors"]]
    assert echoed == bad  # exactly as sent: SDK 3 finds its rows by equality
    assert [error["ErrorCode"] for error in reply["Errors"]] == ["ValidationError", "ValidationError", "ResourceNotFound", "ValidationError"]
    assert all(error["ErrorMessage"] for error in reply["Errors"]) and reply["UnprocessedEntries"] == []
    assert sorted(runtime.list_records(FeatureGroupName=group)["RecordIdentifiers"]) == ["a", "b"]


# Rule 2.6-1, 12-13.
def test_batch_write_record_takes_25_entries(runtime, make_group):
    group = make_group()
    entries = [{"FeatureGroupName": group, "Record": record(id=str(i), at="2024-01-01T00:00:00Z")} for i in range(26)]
    with pytest.raises(runtime.exceptions.ValidationError) as error:
        runtime.batch_write_record(Entries=entries)
    assert "25" in error.value.response["Error"]["Message"]
    assert runtime.list_records(FeatureGroupName=group)["RecordIdentifiers"] == []


# Rule 2.6-6.
def test_batch_write_record_keeps_the_order_of_one_record(runtime, make_group, rows):
    group = make_group(offline=True, n="Integral")
    runtime.batch_write_record(Entries=[
        {"FeatureGroupName": group, "Record": record(id="a", at="2024-01-01T00:00:00Z", n=str(i))} for i in range(20)])
    got = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")["Record"]
    assert features(got)["n"] == "19"
    assert rows(group, "SELECT n FROM {table} ORDER BY write_time") == [[str(i)] for i in range(20)]


# Rule 2.6-3, 3.5-2.
def test_batch_write_record_times_to_live(runtime, make_group):
    group = make_group(more={"OnlineStoreConfig": {"TtlDuration": {"Unit": "Weeks", "Value": 1}}})
    at = ago()
    runtime.batch_write_record(TtlDuration={"Unit": "Days", "Value": 1}, Entries=[
        {"FeatureGroupName": group, "Record": record(id="request", at=at)},
        {"FeatureGroupName": group, "Record": record(id="entry", at=at), "TtlDuration": {"Unit": "Hours", "Value": 1}},
    ])
    runtime.batch_write_record(Entries=[{"FeatureGroupName": group, "Record": record(id="group", at=at)}])
    got = runtime.batch_get_record(ExpirationTimeResponse="Enabled", Identifiers=[
        {"FeatureGroupName": group, "RecordIdentifiersValueAsString": ["request", "entry", "group"]}])["Records"]
    lives = [instant(r["ExpiresAt"]) - instant(at) for r in got]
    assert lives == [datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(weeks=1)]


# Rule 2.7-1, 2.7-2, 2.7-3, 12-13.
@pytest.mark.parametrize("size", [2, 3, 10])
def test_list_records_pages(runtime, make_group, size):
    group = make_group()
    wanted = [f"r{i}" for i in range(23)]
    runtime.batch_write_record(Entries=[{"FeatureGroupName": group, "Record": record(id=i, at="2024-01-01T00:00:00Z")} for i in wanted])
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="r7", EventTime="2024-01-02T00:00:00Z")
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="r8", EventTime="2024-01-02T00:00:00Z", DeletionMode="HardDelete")
    paginator = runtime.get_paginator("list_records")
    pages = list(paginator.paginate(FeatureGroupName=group, PaginationConfig={"PageSize": size}))
    assert all(len(page["RecordIdentifiers"]) == size for page in pages[:-1])
    found = [i for page in pages for i in page["RecordIdentifiers"]]
    assert sorted(found) == sorted(set(wanted) - {"r7", "r8"})
    with_deleted = paginator.paginate(FeatureGroupName=group, IncludeSoftDeletedRecords=True).build_full_result()
    assert sorted(with_deleted["RecordIdentifiers"]) == sorted(set(wanted) - {"r8"})


# Rule 2.7-5, 2.9-2, 12-13.
def test_list_records_of_no_group(runtime):
    with pytest.raises(runtime.exceptions.ResourceNotFound) as error:
        runtime.list_records(FeatureGroupName="nobody-has-this-name")
    assert status(error) == 404


# Rule 2.8-2, 2.8-3, 2.8-5, 2.8-6, 2.8-7, 2.8-8, 2.8-9, 2.8-11, 2.9-3, 11-28.
@pytest.mark.parametrize("storage", ["Standard_V2", "InMemory"])
def test_update_record(runtime, make_group, storage):
    group = make_group(storage=storage, n="Integral", s="String")
    runtime.put_record(FeatureGroupName=group, Record=record(id="a", at="2024-01-01T00:00:00Z", n="1", s="kept"))
    update = lambda features, **more: runtime.update_record(
        FeatureGroupName=group, RecordIdentifierValueAsString="a", Features=features, **more)
    get = lambda: features(runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")["Record"])
    assert set(update(record(n="2"))) == {"ResponseMetadata"}
    assert get() == {"id": "a", "at": "2024-01-01T00:00:00Z", "n": "2", "s": "kept"}
    update(record(n="3", at="2024-01-03T00:00:00Z"))
    update(record(n="4", at="2024-01-03T00:00:00.0Z"))  # an equal event time is applied
    with pytest.raises(runtime.exceptions.ConflictException) as error:
        update(record(n="5", at="2024-01-02T00:00:00Z"))
    assert status(error) == 409
    assert get() == {"id": "a", "at": "2024-01-03T00:00:00.0Z", "n": "4", "s": "kept"}
    for wrong in [record(nothing="1"), record(n="x"), record(id="b"), record(n="1") * 2]:
        with pytest.raises(runtime.exceptions.ValidationError):
            update(wrong)
    with pytest.raises(runtime.exceptions.ValidationError):
        update(record(n="1"), TtlDuration={"Unit": "Days", "Value": 1})  # needs the event time
    with pytest.raises(runtime.exceptions.ValidationError):
        update(record(n="1"), TargetStores=["OfflineStore"])
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", EventTime="2024-01-04T00:00:00Z")
    with pytest.raises(runtime.exceptions.ResourceNotFound) as error:
        update(record(n="6"))
    assert status(error) == 404


# Rule 2.8-12.
def test_update_record_writes_the_whole_record_offline(runtime, make_group, rows):
    group = make_group(storage="Standard_V2", offline=True, n="Integral", s="String")
    runtime.put_record(FeatureGroupName=group, Record=record(id="a", at="2024-01-01T00:00:00Z", n="1", s="kept"))
    runtime.update_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", Features=record(n="2"))
    assert rows(group, "SELECT id, at, n, s FROM {table} ORDER BY write_time") == [
        ["a", "2024-01-01T00:00:00Z", "1", "kept"], ["a", "2024-01-01T00:00:00Z", "2", "kept"]]


# Rule 2.8-1, 11-29.
def test_update_record_needs_a_tier_that_can(runtime, make_group):
    group = make_group(n="Integral")
    runtime.put_record(FeatureGroupName=group, Record=record(id="a", at="2024-01-01T00:00:00Z"))
    with pytest.raises(runtime.exceptions.ValidationError) as error:
        runtime.update_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", Features=record(n="2"))
    assert "Standard_V2" in error.value.response["Error"]["Message"]


# Rule 2.2-6, 2.3-2, 2.4-3, 2.5-7, 11-3.
def test_exceptions_of_each_operation(runtime, sagemaker_client):
    nobody = dict(FeatureGroupName="nobody-has-this-name")
    one = record(id="a", at="2024-01-01T00:00:00Z")
    with pytest.raises(runtime.exceptions.ResourceNotFound):
        runtime.get_record(**nobody, RecordIdentifierValueAsString="a")
    with pytest.raises(runtime.exceptions.ResourceNotFound):
        runtime.update_record(**nobody, RecordIdentifierValueAsString="a", Features=one)
    for call in [
        lambda: runtime.put_record(**nobody, Record=one),
        lambda: runtime.delete_record(**nobody, RecordIdentifierValueAsString="a", EventTime="2024-01-01T00:00:00Z"),
    ]:  # these two know no ResourceNotFound
        with pytest.raises(runtime.exceptions.ValidationError) as error:
            call()
        assert "can't find a FeatureGroup with name" in error.value.response["Error"]["Message"]
    got = runtime.batch_get_record(Identifiers=[nobody | {"RecordIdentifiersValueAsString": ["a", "b"]}])
    assert [(e["RecordIdentifierValueAsString"], e["ErrorCode"]) for e in got["Errors"]] == [("a", "ResourceNotFound"), ("b", "ResourceNotFound")]


# Rule 1.13-2, 2.9-1, 3.2-4, 3.3-1, 3.3-2, 3.3-11, 3.3-12, 11-2.
@pytest.mark.parametrize("wrong, word", [
    (record(id="a"), "at"),
    (record(at="2024-01-01T00:00:00Z"), "id"),
    (record(id="a", at="2024-01-01"), "at"),
    (record(id="a", at="2024-01-01T00:00:00Z", n="1.5"), "n"),
    (record(id="a", at="2024-01-01T00:00:00Z", n="9223372036854775808"), "n"),
    (record(id="a", at="2024-01-01T00:00:00Z", x="NaN"), "x"),
    (record(id="a", at="2024-01-01T00:00:00Z", unknown="1"), "unknown"),
    (record(id="a", at="2024-01-01T00:00:00Z") + record(id="a"), "id"),
    (record(id="a" * 2049, at="2024-01-01T00:00:00Z"), "2,048|2048"),
])
def test_records_that_are_refused(runtime, make_group, wrong, word):
    group = make_group(n="Integral", x="Fractional")
    with pytest.raises(runtime.exceptions.ValidationError, match=word) as error:
        runtime.put_record(FeatureGroupName=group, Record=wrong)
    assert status(error) == 400 and code(error) == "ValidationError"


# Rule 2.2-2, 3.2-1, 3.3-14, 12-1, 12-8.
@pytest.mark.parametrize("event_time, at", [("String", "2024-01-01T00:00:00Z"), ("Fractional", "1704067200.5")])
def test_records_by_a_number(runtime, sagemaker_client, make_group, event_time, at):
    group = make_group(event_time=event_time, f="Fractional", more={"RecordIdentifierFeatureName": "f"})
    one = record(id="x", at=at, f="10.0")
    runtime.put_record(FeatureGroupName=group, Record=list(reversed(one)))
    assert runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="10.0")["Record"] == one
    assert "Record" not in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="10")


# Rule 1.13-1, 2.1-8.
def test_a_record_of_350_kilobytes(runtime, make_group):
    group = make_group(blob="String")
    one = record(id="a", at="2024-01-01T00:00:00Z", blob="é\n\"\\" * 70_000)
    runtime.put_record(FeatureGroupName=group, Record=one)
    assert runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")["Record"] == one
    with pytest.raises(runtime.exceptions.ValidationError):
        runtime.put_record(FeatureGroupName=group, Record=record(id="a", at="2024-01-01T00:00:00Z", blob="x" * 358_401))
