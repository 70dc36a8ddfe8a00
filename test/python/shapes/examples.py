"""Requests that succeed, or are refused as docs/compat.md says, and between them have every member
of the model."""

import copy
import functools
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import boto3

from .model import operations
from .wire import Wire


class World:
    """A server, and what stands on it for the examples to work with."""

    def __init__(self):
        self.wire = Wire()
        self.times = itertools.count(1)
        self.account = boto3.client("sts").get_caller_identity()["Account"]
        self.role = f"arn:aws:iam::{self.account}:role/shapes"
        self.bucket = self.name("bucket")
        boto3.client("s3").create_bucket(Bucket=self.bucket)

    def call(self, operation, given):
        return self.wire.call(operations()[operation], given)

    def ask(self, operation, given):
        answer = self.call(operation, given)
        assert answer.ok, f"{operation}: {answer}"
        return answer.json

    def name(self, what="group"):
        return f"shape-{what}-{uuid.uuid4().hex[:12]}"

    def time(self):
        """An event time later than every one before."""
        n = next(self.times)
        return f"2026-01-{1 + n // 86400:02}T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z"

    def make(self, given):
        self.ask("CreateFeatureGroup", given)
        return given["FeatureGroupName"]

    def group(self, storage="Standard", offline=True):
        """A group with an online store, of a name of its own."""
        given = {
            "FeatureGroupName": self.name(),
            "RecordIdentifierFeatureName": "id",
            "EventTimeFeatureName": "at",
            "FeatureDefinitions": [
                {"FeatureName": "id", "FeatureType": "String"},
                {"FeatureName": "at", "FeatureType": "String"},
                {"FeatureName": "n", "FeatureType": "Integral"},
            ],
            "OnlineStoreConfig": {"EnableOnlineStore": True, "StorageType": storage},
        }
        if storage == "InMemory":
            given["FeatureDefinitions"] += [{"FeatureName": "list", "FeatureType": "String", "CollectionType": "List"}]
        elif offline:
            given["OfflineStoreConfig"] = {"S3StorageConfig": {"S3Uri": f"s3://{self.bucket}/"}}
            given["RoleArn"] = self.role
        return self.make(given)

    @functools.cached_property
    def standing(self):
        """A group that stays, with both stores, a tag, and a feature that is described."""
        name = self.group()
        self.ask("AddTags", {"ResourceArn": self.arn(name), "Tags": [{"Key": "team", "Value": "shapes"}]})
        self.ask("UpdateFeatureMetadata", {
            "FeatureGroupName": name, "FeatureName": "n", "Description": "a number",
            "ParameterAdditions": [{"Key": "unit", "Value": "metre"}],
        })
        return name

    @functools.cached_property
    def memory(self):
        """A group that stays, with lists and the records a and b."""
        name = self.group("InMemory")
        for identifier in ("a", "b"):
            self.ask("PutRecord", {
                "FeatureGroupName": name, "Record": self.record(identifier),
                "TtlDuration": {"Unit": "Weeks", "Value": 5000},
            })
        return name

    def record(self, identifier):
        return [
            {"FeatureName": "id", "ValueAsString": identifier},
            {"FeatureName": "at", "ValueAsString": self.time()},
            {"FeatureName": "n", "ValueAsString": "7"},
            {"FeatureName": "list", "ValueAsStringList": ["x", "y"]},
        ]

    def arn(self, group):
        return self.ask("DescribeFeatureGroup", {"FeatureGroupName": group})["FeatureGroupArn"]

    def page(self, operation, given):
        """What is given, with the token of its second page."""
        return {**given, "NextToken": self.ask(operation, given)["NextToken"]}

    @functools.cached_property
    def bases(self):
        return {}

    def base(self, example):
        """What an example gives, made once: for what is refused and changes nothing."""
        if example not in self.bases:
            self.bases[example] = example.make(self)
        return copy.deepcopy(self.bases[example])


@dataclass(frozen=True)
class Example:
    operation: str
    title: str
    make: Callable[[World], dict]
    refused: str = ""  # what the refusal says

    @property
    def id(self):
        return f"{self.operation}-{self.title}".replace(" ", "-")


def create_group(w):
    name = w.name()
    return {
        "FeatureGroupName": name,
        "RecordIdentifierFeatureName": "id",
        "EventTimeFeatureName": "at",
        "FeatureDefinitions": [{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "Fractional"}],
        "OnlineStoreConfig": {
            "EnableOnlineStore": True,
            "SecurityConfig": {"KmsKeyId": "online-key"},
            "TtlDuration": {"Unit": "Days", "Value": 30},
            "StorageType": "Standard",
        },
        "OfflineStoreConfig": {
            "S3StorageConfig": {"S3Uri": f"s3://{w.bucket}/p", "KmsKeyId": "offline-key", "ResolvedOutputS3Uri": "s3://ignored/x"},
            "DisableGlueTableCreation": False,
            "DataCatalogConfig": {"TableName": name.replace("-", "_"), "Catalog": "AwsDataCatalog", "Database": "shapes"},
            "TableFormat": "Glue",
        },
        "ThroughputConfig": {"ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 10, "ProvisionedWriteCapacityUnits": 20},
        "RoleArn": w.role,
        "Description": "Everything that a group can be given.",
        "Tags": [{"Key": "team", "Value": "shapes"}],
    }


def create_memory_group(w):
    given = create_group(w)
    for member in ("OfflineStoreConfig", "ThroughputConfig"):
        del given[member]
    given["OnlineStoreConfig"] = {"EnableOnlineStore": True, "StorageType": "InMemory"}
    given["FeatureDefinitions"] += [
        {"FeatureName": "vector", "FeatureType": "Fractional", "CollectionType": "Vector", "CollectionConfig": {"VectorConfig": {"Dimension": 3}}},
        {"FeatureName": "set", "FeatureType": "Integral", "CollectionType": "Set"},
    ]
    return given


def create_iceberg_group(w):
    given = create_group(w)
    given["FeatureDefinitions"][1]["FeatureType"] = "String"
    given["OfflineStoreConfig"]["TableFormat"] = "Iceberg"
    return given


def add_features(w):
    return {
        "FeatureGroupName": w.group("InMemory"),
        "FeatureAdditions": [
            {"FeatureName": "vector", "FeatureType": "Fractional", "CollectionType": "Vector", "CollectionConfig": {"VectorConfig": {"Dimension": 3}}},
        ],
    }


def update_online_store(w):
    return {
        "FeatureGroupName": w.group(),
        "OnlineStoreConfig": {"TtlDuration": {"Unit": "Hours", "Value": 12}, "StorageType": "Standard_V2"},
    }


def update_throughput(w):
    return {
        "FeatureGroupName": w.group(),
        "ThroughputConfig": {"ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 5, "ProvisionedWriteCapacityUnits": 5},
    }


def list_groups(w):
    w.group(), w.group()
    return w.page("ListFeatureGroups", {
        "NameContains": "shape-",
        "FeatureGroupStatusEquals": "Created",
        "OfflineStoreStatusEquals": "Active",
        "CreationTimeAfter": 0,
        "CreationTimeBefore": 4102444800.5,
        "SortOrder": "Ascending",
        "SortBy": "Name",
        "MaxResults": 1,
    })


def search(w):
    w.standing, w.group()
    return w.page("Search", {
        "Resource": "FeatureGroup",
        "SearchExpression": {
            "Filters": [{"Name": "FeatureGroupName", "Operator": "Contains", "Value": "shape-"}],
            "NestedFilters": [{
                "NestedPropertyName": "FeatureDefinitions",
                "Filters": [{"Name": "FeatureDefinitions.FeatureName", "Operator": "Equals", "Value": "n"}],
            }],
            "SubExpressions": [{"Filters": [{"Name": "FeatureGroupStatus", "Operator": "In", "Value": "Created"}], "Operator": "Or"}],
            "Operator": "And",
        },
        "SortBy": "CreationTime",
        "SortOrder": "Ascending",
        "MaxResults": 1,
        "CrossAccountFilterOption": "SameAccount",
        "VisibilityConditions": [{"Key": "Tags.team", "Value": "shapes"}],
    })


def search_one(w, resource, **members):
    return {
        "Resource": resource,
        "SearchExpression": {"Filters": [{"Name": "FeatureGroupName", "Value": members.pop("group", w.standing)}]},
        **members,
    }


def updated_group(w):
    """A group of which Describe and Search have all that they can say."""
    given = create_group(w)
    w.make(given)
    addition = {"FeatureName": "added", "FeatureType": "String"}
    w.ask("UpdateFeatureGroup", {"FeatureGroupName": given["FeatureGroupName"], "FeatureAdditions": [addition]})
    return given["FeatureGroupName"]


def created_memory_group(w):
    return w.make(create_memory_group(w))


def write_record(w, group=None):
    return {
        "FeatureGroupName": group or w.memory,
        "Record": w.record("written"),
        "TargetStores": ["OnlineStore"],
        "TtlDuration": {"Unit": "Weeks", "Value": 5000},
    }


def delete_record(w):
    w.ask("PutRecord", write_record(w))
    return {
        "FeatureGroupName": w.memory,
        "RecordIdentifierValueAsString": "written",
        "EventTime": w.time(),
        "TargetStores": ["OnlineStore"],
        "DeletionMode": "SoftDelete",
    }


def get_record(w):
    return {
        "FeatureGroupName": w.memory,
        "RecordIdentifierValueAsString": "a",
        "FeatureNames": ["id", "list"],
        "ExpirationTimeResponse": "Enabled",
    }


def batch_get(w):
    entry = {"FeatureGroupName": w.memory, "RecordIdentifiersValueAsString": ["a", "b", "none"], "FeatureNames": ["id", "list"]}
    return {"Identifiers": [entry], "ExpirationTimeResponse": "Enabled"}


def batch_get_of_no_group(w):
    given = batch_get(w)
    given["Identifiers"][0]["FeatureGroupName"] = w.name()
    return given


def batch_write(w):
    return {"Entries": [write_record(w)], "TtlDuration": {"Unit": "Days", "Value": 1}}


def batch_write_to_no_group(w):
    return {"Entries": [write_record(w, w.name())]}


def update_record(w):
    w.ask("PutRecord", write_record(w))
    return {
        "FeatureGroupName": w.memory,
        "RecordIdentifierValueAsString": "written",
        "Features": [{"FeatureName": "at", "ValueAsString": w.time()}, {"FeatureName": "list", "ValueAsStringList": ["z"]}],
        "TargetStores": ["OnlineStore"],
        "TtlDuration": {"Unit": "Weeks", "Value": 5000},
    }


EXAMPLES = [
    Example("CreateFeatureGroup", "both stores", create_group),
    Example("CreateFeatureGroup", "in memory", create_memory_group),
    Example("CreateFeatureGroup", "Iceberg", create_iceberg_group, refused="Iceberg"),
    Example("DescribeFeatureGroup", "by name", lambda w: {"FeatureGroupName": updated_group(w)}),
    Example("DescribeFeatureGroup", "by ARN", lambda w: {"FeatureGroupName": w.arn(created_memory_group(w))}),
    Example("DescribeFeatureGroup", "a page", lambda w: {"FeatureGroupName": w.standing, "NextToken": "x"}, refused="NextToken"),
    Example("UpdateFeatureGroup", "features", add_features),
    Example("UpdateFeatureGroup", "online store", update_online_store),
    Example("UpdateFeatureGroup", "throughput", update_throughput),
    Example("UpdateFeatureGroup", "two at once", lambda w: {**update_online_store(w), "ThroughputConfig": {"ThroughputMode": "OnDemand"}}, refused="one"),
    Example("DeleteFeatureGroup", "by name", lambda w: {"FeatureGroupName": w.group()}),
    Example("ListFeatureGroups", "a page", list_groups),
    Example("DescribeFeatureMetadata", "described", lambda w: {"FeatureGroupName": w.standing, "FeatureName": "n"}),
    Example("UpdateFeatureMetadata", "all", lambda w: {
        "FeatureGroupName": w.standing, "FeatureName": "id", "Description": "the identifier",
        "ParameterAdditions": [{"Key": "k", "Value": "v"}], "ParameterRemovals": ["none"],
    }),
    Example("AddTags", "one", lambda w: {"ResourceArn": w.arn(w.group()), "Tags": [{"Key": "k", "Value": "v"}]}),
    Example("ListTags", "all", lambda w: {"ResourceArn": w.arn(w.standing), "MaxResults": 50}),
    Example("ListTags", "a page", lambda w: {"ResourceArn": w.arn(w.standing), "NextToken": "x"}, refused="NextToken"),
    Example("DeleteTags", "one", lambda w: {"ResourceArn": w.arn(w.group()), "TagKeys": ["none"]}),
    Example("Search", "a page", search),
    Example("Search", "a group", lambda w: search_one(w, "FeatureGroup", group=updated_group(w))),
    Example("Search", "a group in memory", lambda w: search_one(w, "FeatureGroup", group=created_memory_group(w))),
    Example("Search", "features", lambda w: search_one(w, "FeatureMetadata")),
    Example("Search", "other accounts", lambda w: search_one(w, "FeatureGroup", CrossAccountFilterOption="CrossAccount")),
    Example("Search", "training jobs", lambda w: {"Resource": "TrainingJob"}, refused="the Resource TrainingJob cannot be searched"),
    Example("GetSearchSuggestions", "tags", lambda w: {"Resource": "FeatureGroup", "SuggestionQuery": {"PropertyNameQuery": {"PropertyNameHint": "Tags.t"}}}),
    Example("PutRecord", "all", write_record),
    Example("GetRecord", "all", get_record),
    Example("GetRecord", "every feature", lambda w: {"FeatureGroupName": w.memory, "RecordIdentifierValueAsString": "a"}),
    Example("DeleteRecord", "all", delete_record),
    Example("BatchGetRecord", "all", batch_get),
    Example("BatchGetRecord", "no group", batch_get_of_no_group),
    Example("BatchWriteRecord", "all", batch_write),
    Example("BatchWriteRecord", "no group", batch_write_to_no_group),
    Example("ListRecords", "a page", lambda w: w.page("ListRecords", {"FeatureGroupName": w.memory, "MaxResults": 1, "IncludeSoftDeletedRecords": True})),
    Example("ListRecords", "the first page", lambda w: {"FeatureGroupName": w.memory, "MaxResults": 1}),
    Example("UpdateRecord", "all", update_record),
]


def having(value, path):
    """Where in a value a path of the model leads first: as ("Tags", 0, "Key"), or None."""
    if not path:
        return ()
    head, rest = path[0], path[1:]
    if head == "[]":
        places = enumerate(value) if isinstance(value, list) else ()
    else:
        places = [(head, value[head])] if isinstance(value, dict) and head in value else ()
    for key, below in places:
        if (found := having(below, rest)) is not None:
            return (key, *found)
    return None
