"""The control plane, as boto3 sends it."""

import datetime
import uuid

import botocore.exceptions
import pytest

NOBODY = "nobody-has-this-name"


def code(error):
    return error.value.response["Error"]["Code"]


def described(reply):
    """A reply without what every reply has."""
    return {member: value for member, value in reply.items() if member not in ("ResponseMetadata", "CreationTime", "OnlineStoreTotalSizeBytes")}


# Rule 1.1-14, 1.2-4, 1.3-26, 1.4-1, 1.4-3, 1.4-4, 1.4-5, 1.6-1, 1.9-2, 1.12-3, 12-12.
def test_a_group_is_echoed_as_it_was_made(sagemaker_client, bucket, name):
    request = {
        "FeatureGroupName": name,
        "RecordIdentifierFeatureName": "id",
        "EventTimeFeatureName": "at",
        "FeatureDefinitions": [
            {"FeatureName": "id", "FeatureType": "Fractional"},
            {"FeatureName": "at", "FeatureType": "String"},
            {"FeatureName": "n", "FeatureType": "Integral"},
        ],
        "OnlineStoreConfig": {"EnableOnlineStore": True, "StorageType": "Standard", "TtlDuration": {"Unit": "Weeks", "Value": 3}},
        "OfflineStoreConfig": {
            "S3StorageConfig": {"S3Uri": f"s3://{bucket}/kept/as/given/"},
            "DisableGlueTableCreation": False,
            "TableFormat": "Glue",
        },
        "ThroughputConfig": {"ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 10, "ProvisionedWriteCapacityUnits": 20},
        "RoleArn": "arn:aws:iam::123456789012:role/service-role/features",
        "Description": "what it is for",
    }
    arn = sagemaker_client.create_feature_group(**request, Tags=[{"Key": "team", "Value": "a b"}])["FeatureGroupArn"]
    assert arn.endswith(f":feature-group/{name}")
    reply = sagemaker_client.describe_feature_group(FeatureGroupName=arn)
    got = described(reply)
    resolved = got["OfflineStoreConfig"]["S3StorageConfig"].pop("ResolvedOutputS3Uri")
    assert resolved.startswith(f"s3://{bucket}/kept/as/given/123456789012/sagemaker/us-east-1/offline-store/{name}-")
    catalog = got["OfflineStoreConfig"].pop("DataCatalogConfig")
    assert catalog["Catalog"] == "AwsDataCatalog" and catalog["Database"] == "sagemaker_featurestore"
    assert got == request | {
        "FeatureGroupArn": arn, "FeatureGroupStatus": "Created", "OfflineStoreStatus": {"Status": "Active"},
    }
    assert abs(reply["CreationTime"] - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(minutes=5)
    assert sagemaker_client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "a b"}]
    with pytest.raises(sagemaker_client.exceptions.ResourceInUse) as error:
        sagemaker_client.create_feature_group(**request)
    assert "already exists" in error.value.response["Error"]["Message"]
    sagemaker_client.delete_feature_group(FeatureGroupName=name)
    with pytest.raises(sagemaker_client.exceptions.ResourceNotFound):
        sagemaker_client.describe_feature_group(FeatureGroupName=name)


# Rule 1.3-18, 1.4-2, 1.4-6, 1.4-7, 11-12, 11-21, 11-40.
def test_a_group_of_nothing_but_what_is_required(sagemaker_client, make_group):
    group = make_group()
    got = described(sagemaker_client.describe_feature_group(FeatureGroupName=group))
    assert got.pop("FeatureGroupArn").endswith(group)
    assert got == {
        "FeatureGroupName": group,
        "RecordIdentifierFeatureName": "id",
        "EventTimeFeatureName": "at",
        "FeatureDefinitions": [{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "String"}],
        "OnlineStoreConfig": {"EnableOnlineStore": True},
        "ThroughputConfig": {"ThroughputMode": "OnDemand"},
        "FeatureGroupStatus": "Created",
    }


# Rule 1.1-4, 1.3-11, 1.4-1.
def test_collections_are_echoed(sagemaker_client, make_group):
    kinds = {
        "l": {"FeatureType": "String", "CollectionType": "List"},
        "s": {"FeatureType": "Integral", "CollectionType": "Set"},
        "v": {"FeatureType": "Fractional", "CollectionType": "Vector", "CollectionConfig": {"VectorConfig": {"Dimension": 8192}}},
    }
    group = make_group(storage="InMemory", **kinds)
    got = sagemaker_client.describe_feature_group(FeatureGroupName=group)
    assert got["FeatureDefinitions"][2:] == [kind | {"FeatureName": feature} for feature, kind in kinds.items()]
    assert got["OnlineStoreConfig"] == {"EnableOnlineStore": True, "StorageType": "InMemory"}


def definitions(*kinds):
    return [{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "String"}, *kinds]


# Rule 1.1-1, 1.1-4, 1.1-5, 1.1-6, 1.1-9, 1.1-10, 1.1-12, 1.1-13, 1.2-2, 1.3-2, 1.3-4, 1.3-6, 1.3-8, 1.3-9.
# Rule 1.3-10, 1.3-16, 1.3-17, 1.3-28, 11-26, 11-42.
@pytest.mark.parametrize("change, word", [
    ({"OnlineStoreConfig": {"EnableOnlineStore": False}}, "OnlineStore and OfflineStore cannot be both disabled"),
    ({"OnlineStoreConfig": {"EnableOnlineStore": True, "StorageType": "Fast"}}, "StorageType"),
    ({"OnlineStoreConfig": {"EnableOnlineStore": True, "TtlDuration": {"Unit": "Days"}}}, "Value"),
    ({"OnlineStoreConfig": {"EnableOnlineStore": True, "TtlDuration": {"Unit": "Years", "Value": 1}}}, "Unit"),
    ({"OnlineStoreConfig": {"EnableOnlineStore": False, "TtlDuration": {"Unit": "Days", "Value": 1}}}, "TtlDuration|both disabled"),
    ({"ThroughputConfig": {"ThroughputMode": "Provisioned"}}, "Provisioned"),
    ({"ThroughputConfig": {"ThroughputMode": "OnDemand", "ProvisionedReadCapacityUnits": 1}}, "OnDemand|Provisioned"),
    ({"ThroughputConfig": {"ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 10_000_001, "ProvisionedWriteCapacityUnits": 1}}, "10,?000,?000"),
    ({"FeatureDefinitions": definitions({"FeatureName": "l", "FeatureType": "String", "CollectionType": "List"})}, "InMemory"),
    ({"FeatureDefinitions": definitions({"FeatureName": "x", "FeatureType": "Text"})}, "FeatureType"),
    ({"FeatureDefinitions": definitions({"FeatureName": "IS_DELETED", "FeatureType": "String"})}, "IS_DELETED"),
    ({"FeatureDefinitions": definitions(*({"FeatureName": f"f{i}", "FeatureType": "String"} for i in range(2499)))}, "2,?500"),
    ({"FeatureGroupName": "a" * 65}, "64"),
    ({"Description": "x" * 129}, "128"),
    ({"Tags": [{"Key": f"k{i}", "Value": ""} for i in range(51)]}, "50"),
    ({"Tags": [{"Key": "a,b", "Value": ""}]}, "key"),
    ({"RoleArn": "arn:aws:iam::1:user/features-and-more"}, "RoleArn"),
    ({"EventTimeFeatureName": "n"}, "n"),
])
def test_groups_that_are_refused(sagemaker_client, name, change, word):
    request = {
        "FeatureGroupName": name, "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at",
        "FeatureDefinitions": definitions({"FeatureName": "n", "FeatureType": "Integral"}), "OnlineStoreConfig": {"EnableOnlineStore": True},
    }
    with pytest.raises(botocore.exceptions.ClientError, match=word) as error:
        sagemaker_client.create_feature_group(**(request | change))
    assert code(error) in ("ValidationException", "ResourceLimitExceeded")
    with pytest.raises(sagemaker_client.exceptions.ResourceNotFound):
        sagemaker_client.describe_feature_group(FeatureGroupName=request["FeatureGroupName"])


# Rule 1.4-8, 1.5-2, 1.5-3, 1.5-6, 3.7-1, 12-9.
def test_features_are_added(sagemaker_client, runtime, make_group, rows):
    group = make_group(offline=True)
    before = sagemaker_client.describe_feature_group(FeatureGroupName=group)
    assert "LastUpdateStatus" not in before and "LastModifiedTime" not in before
    old = [{"FeatureName": "id", "ValueAsString": "old"}, {"FeatureName": "at", "ValueAsString": "2024-01-01T00:00:00Z"}]
    runtime.put_record(FeatureGroupName=group, Record=old)
    more = [{"FeatureName": "zeta", "FeatureType": "Integral"}, {"FeatureName": "Alpha", "FeatureType": "Fractional"}]
    reply = sagemaker_client.update_feature_group(FeatureGroupName=group, FeatureAdditions=more)
    assert reply["FeatureGroupArn"] == before["FeatureGroupArn"]
    after = sagemaker_client.describe_feature_group(FeatureGroupName=group)
    assert after["FeatureDefinitions"] == before["FeatureDefinitions"] + more
    assert after["LastUpdateStatus"] == {"Status": "Successful"} and after["LastModifiedTime"] >= before["CreationTime"]
    runtime.put_record(FeatureGroupName=group, Record=[
        {"FeatureName": "id", "ValueAsString": "new"}, {"FeatureName": "at", "ValueAsString": "2024-01-01T00:00:00Z"},
        {"FeatureName": "zeta", "ValueAsString": "1"}, {"FeatureName": "Alpha", "ValueAsString": "2.5"}])
    assert runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="old")["Record"] == old
    assert rows(group, "SELECT id, zeta, alpha FROM {table} ORDER BY id") == [["new", "1", "2.5"], ["old", None, None]]
    for again in ([more[0]], [{"FeatureName": "write_time", "FeatureType": "String"}]):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            sagemaker_client.update_feature_group(FeatureGroupName=group, FeatureAdditions=again)
        assert code(error) == "ValidationException"


# Rule 1.5-12, 12-11.
def test_throughput_is_changed(sagemaker_client, make_group):
    units = {"ProvisionedReadCapacityUnits": 5, "ProvisionedWriteCapacityUnits": 6}
    group = make_group(more={"ThroughputConfig": {"ThroughputMode": "Provisioned"} | units})
    for config in ({"ThroughputMode": "OnDemand"}, {"ThroughputMode": "Provisioned"} | units):
        sagemaker_client.update_feature_group(FeatureGroupName=group, ThroughputConfig=config)
        got = sagemaker_client.describe_feature_group(FeatureGroupName=group)
        assert got["ThroughputConfig"] == config and got["LastUpdateStatus"] == {"Status": "Successful"}


# Rule 1.5-1, 1.5-10, 1.5-14, 11-33.
def test_one_parameter_at_a_time(sagemaker_client, make_group):
    group = make_group()
    ttl = {"OnlineStoreConfig": {"TtlDuration": {"Unit": "Days", "Value": 1}}}
    for change in ({}, ttl | {"FeatureAdditions": [{"FeatureName": "x", "FeatureType": "String"}]}):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            sagemaker_client.update_feature_group(FeatureGroupName=group, **change)
        assert code(error) == "ValidationException", change
    sagemaker_client.update_feature_group(FeatureGroupName=group, **ttl)
    got = sagemaker_client.describe_feature_group(FeatureGroupName=group)
    assert got["OnlineStoreConfig"] == {"EnableOnlineStore": True} | ttl["OnlineStoreConfig"]
    sagemaker_client.update_feature_group(FeatureGroupName=group, OnlineStoreConfig={"TtlDuration": {}})
    assert sagemaker_client.describe_feature_group(FeatureGroupName=group)["OnlineStoreConfig"] == {"EnableOnlineStore": True}
    with pytest.raises(sagemaker_client.exceptions.ResourceNotFound):
        sagemaker_client.update_feature_group(FeatureGroupName=NOBODY, **ttl)


# Rule 1.5-11.
def test_a_storage_type_is_changed_once(sagemaker_client, runtime, make_group):
    group = make_group(n="Integral")
    runtime.put_record(FeatureGroupName=group, Record=[
        {"FeatureName": "id", "ValueAsString": "a"}, {"FeatureName": "at", "ValueAsString": "2024-01-01T00:00:00Z"}])
    sagemaker_client.update_feature_group(FeatureGroupName=group, OnlineStoreConfig={"StorageType": "Standard_V2"})
    assert sagemaker_client.describe_feature_group(FeatureGroupName=group)["OnlineStoreConfig"]["StorageType"] == "Standard_V2"
    runtime.update_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", Features=[{"FeatureName": "n", "ValueAsString": "1"}])
    for back in ("Standard", "InMemory"):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            sagemaker_client.update_feature_group(FeatureGroupName=group, OnlineStoreConfig={"StorageType": back})
        assert code(error) == "ValidationException"


# Rule 1.8-1, 1.8-4, 1.8-5, 1.8-6, 1.8-9, 12-10.
def test_feature_metadata(sagemaker_client, make_group):
    group = make_group(n="Integral")
    where = dict(FeatureGroupName=group, FeatureName="n")
    first = sagemaker_client.describe_feature_metadata(**where)
    assert first["FeatureType"] == "Integral" and "Parameters" not in first and not first.get("Description")
    parameters = [{"Key": "owner", "Value": "someone else"}, {"Key": "é/unit", "Value": "m = s"}]
    sagemaker_client.update_feature_metadata(**where, Description="a number", ParameterAdditions=parameters, ParameterRemovals=[])
    got = sagemaker_client.describe_feature_metadata(**where)
    assert got["Description"] == "a number" and sorted(got["Parameters"], key=lambda p: p["Key"]) == parameters
    assert got["CreationTime"] == first["CreationTime"] and got["LastModifiedTime"] >= first["LastModifiedTime"]
    sagemaker_client.update_feature_metadata(
        **where, ParameterAdditions=[{"Key": "owner", "Value": "me"}], ParameterRemovals=["é/unit", "never there"])
    got = sagemaker_client.describe_feature_metadata(**where)
    assert got["Parameters"] == [{"Key": "owner", "Value": "me"}] and got["Description"] == "a number"
    with pytest.raises(botocore.exceptions.ClientError) as error:
        for start in (0, 13):
            sagemaker_client.update_feature_metadata(
                **where, ParameterAdditions=[{"Key": f"k{start + i}", "Value": "v"} for i in range(13)])
    assert code(error) == "ValidationException"  # 27 of 25
    for unknown in ({"FeatureGroupName": NOBODY}, {"FeatureName": "nothing"}):
        with pytest.raises(sagemaker_client.exceptions.ResourceNotFound):
            sagemaker_client.describe_feature_metadata(**(where | unknown))


# Rule 1.9-1, 1.9-2, 1.9-3, 1.9-4, 1.9-6.
def test_tags(sagemaker_client, make_group):
    group = make_group()
    arn = sagemaker_client.describe_feature_group(FeatureGroupName=group)["FeatureGroupArn"]
    sagemaker_client.add_tags(ResourceArn=arn, Tags=[{"Key": f"k{i}", "Value": str(i)} for i in range(50)])
    sagemaker_client.add_tags(ResourceArn=arn, Tags=[{"Key": "k7", "Value": "seven"}])
    pages = list(sagemaker_client.get_paginator("list_tags").paginate(ResourceArn=arn, PaginationConfig={"PageSize": 50}))
    tags = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}
    assert tags == {f"k{i}": str(i) for i in range(50)} | {"k7": "seven"}
    with pytest.raises(botocore.exceptions.ClientError):
        sagemaker_client.add_tags(ResourceArn=arn, Tags=[{"Key": "one more", "Value": ""}])
    sagemaker_client.delete_tags(ResourceArn=arn, TagKeys=[f"k{i}" for i in range(1, 50)] + ["never there"])
    assert sagemaker_client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "k0", "Value": "0"}]
    with pytest.raises(botocore.exceptions.ClientError) as error:
        sagemaker_client.list_tags(ResourceArn=arn + "x")
    assert code(error) == "ValidationException"


# Rule 1.7-1, 1.7-2, 1.7-3, 1.7-5, 1.7-6, 1.7-7, 1.7-8, 1.7-9, 12-10.
def test_lists_and_their_pages(sagemaker_client):
    prefix = f"list-{uuid.uuid4().hex[:8]}"
    wanted = [f"{prefix}-{i}" for i in range(7)]
    for group in wanted:
        sagemaker_client.create_feature_group(
            FeatureGroupName=group, RecordIdentifierFeatureName="id", EventTimeFeatureName="at",
            FeatureDefinitions=definitions(), OnlineStoreConfig={"EnableOnlineStore": True})
    paginate = sagemaker_client.get_paginator("list_feature_groups").paginate
    pages = list(paginate(NameContains=prefix, SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 3}))
    assert [[g["FeatureGroupName"] for g in page["FeatureGroupSummaries"]] for page in pages] == [wanted[:3], wanted[3:6], wanted[6:]]
    found = paginate(NameContains=prefix, PaginationConfig={"MaxItems": 5}).build_full_result()
    assert [g["FeatureGroupName"] for g in found["FeatureGroupSummaries"]] == wanted[:1:-1]  # the newest first
    assert all(g["FeatureGroupStatus"] == "Created" and "OfflineStoreStatus" not in g for g in found["FeatureGroupSummaries"])
    middle = sagemaker_client.describe_feature_group(FeatureGroupName=wanted[3])["CreationTime"]
    late = sagemaker_client.list_feature_groups(NameContains=prefix, CreationTimeAfter=middle + datetime.timedelta(hours=1))
    assert late["FeatureGroupSummaries"] == []
    assert sagemaker_client.list_feature_groups(NameContains=prefix, FeatureGroupStatusEquals="Deleting")["FeatureGroupSummaries"] == []
    with pytest.raises(botocore.exceptions.ClientError) as error:
        sagemaker_client.list_feature_groups(NextToken="not one of ours")
    assert code(error) == "ValidationException"
    for group in wanted:
        sagemaker_client.delete_feature_group(FeatureGroupName=group)


# Rule 1.10-3, 1.10-4, 1.10-6, 1.10-7, 1.10-8, 1.10-9, 1.10-10, 1.10-11, 1.10-12, 1.10-13, 1.10-17, 1.11-1.
# Rule 12-10.
def test_search(sagemaker_client, make_group):
    mark = uuid.uuid4().hex
    groups = [
        make_group(n="Integral", more={"Description": f"{mark} first", "Tags": [{"Key": "team", "Value": mark}]}),
        make_group(n="Fractional", more={"Description": f"{mark} second"}),
        make_group(offline=True, more={"Description": f"{mark} third", "Tags": [{"Key": "team", "Value": "other"}]}),
    ]

    def search(resource="FeatureGroup", **more):
        found = sagemaker_client.get_paginator("search").paginate(Resource=resource, **more).build_full_result()["Results"]
        return [result[resource] for result in found]

    def named(*filters, **more):
        mine = {"Filters": [{"Name": "Description", "Operator": "Contains", "Value": mark}, *filters]} | more
        return {g["FeatureGroupName"] for g in search(SearchExpression=mine)}

    assert named() == set(groups)
    assert named({"Name": "FeatureGroupName", "Value": groups[1]}) == {groups[1]}  # no operator: Equals
    assert named({"Name": "Tags.team", "Operator": "Equals", "Value": mark}) == {groups[0]}
    assert named({"Name": "OfflineStoreStatus.Status", "Operator": "Exists"}) == {groups[2]}
    assert named({"Name": "FeatureGroupName", "Operator": "In", "Value": ",".join(groups[:2])}) == set(groups[:2])
    assert named(NestedFilters=[{"NestedPropertyName": "FeatureDefinitions", "Filters": [
        {"Name": "FeatureDefinitions.FeatureName", "Operator": "Equals", "Value": "n"},
        {"Name": "FeatureDefinitions.FeatureType", "Operator": "Equals", "Value": "Integral"}]}]) == {groups[0]}
    assert named(SubExpressions=[{"Operator": "Or", "Filters": [
        {"Name": "Description", "Operator": "Contains", "Value": word} for word in ("first", "third")]}]) == {groups[0], groups[2]}
    everything = search(SearchExpression={"Filters": [{"Name": "Description", "Operator": "Contains", "Value": mark}]},
                        SortBy="FeatureGroupName", SortOrder="Ascending", PaginationConfig={"PageSize": 2})
    assert [g["FeatureGroupName"] for g in everything] == sorted(groups)
    assert {g["FeatureGroupName"]: g.get("Tags") for g in everything}[groups[0]] == [{"Key": "team", "Value": mark}]
    sagemaker_client.update_feature_metadata(FeatureGroupName=groups[0], FeatureName="n", Description=f"metres {mark}",
                                             ParameterAdditions=[{"Key": "unit", "Value": mark}])
    for one in ({"Name": "Parameters.unit", "Value": mark}, {"Name": "AllParameters", "Operator": "Contains", "Value": mark},
                {"Name": "Description", "Operator": "Contains", "Value": mark}):
        [found] = search("FeatureMetadata", SearchExpression={"Filters": [one]})
        assert (found["FeatureGroupName"], found["FeatureName"], found["FeatureType"]) == (groups[0], "n", "Integral")
    with pytest.raises(botocore.exceptions.ClientError) as error:
        search(SearchExpression={"Filters": [{"Name": "NoSuchProperty", "Value": "x"}]})
    assert code(error) == "ValidationException"
    suggestions = sagemaker_client.get_search_suggestions(
        Resource="FeatureGroup", SuggestionQuery={"PropertyNameQuery": {"PropertyNameHint": "FeatureGroupN"}})
    assert "FeatureGroupName" in [s["PropertyName"] for s in suggestions["PropertyNameSuggestions"]]
