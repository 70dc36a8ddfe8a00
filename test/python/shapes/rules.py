"""Where the server means to differ from botocore's model, and why. Sections (§) are of the contract
that CONTRIBUTING.md names."""

from fnmatch import fnmatchcase

# A text that breaks the pattern of each shape, "" for a pattern that is not held to: there `.`
# stands for any character, because real values have more than one line (§2.1).
BREAKS = {
    "Catalog": "a\ncatalog",
    "Database": "a\ndatabase",
    "FeatureDescription": "",
    "FeatureGroupName": "-ends-",
    "FeatureGroupNameOrArn": "-ends-",
    "FeatureName": "-ends-",
    "FeatureParameterKey": "a;b",
    "FeatureParameterValue": "a;b",
    "FilterValue": "",
    "KmsKeyId": "a key",
    "NextToken": "",
    "PropertyNameHint": "",
    "ResourceArn": "arn:aws:s3:::bucket",
    "ResourcePropertyName": "",
    "RoleArn": "arn:aws:iam::123456789012:user/name",
    "S3Uri": "ftp://bucket/prefix",
    "TableName": "a\ntable",
    "TagKey": "a;b",
    "TagValue": "a;b",
    "ValueAsString": "",
    "VisibilityConditionsKey": "Tags.a;b",
    "VisibilityConditionsValue": "a;b",
}

# Mutations that are accepted: operation-member-kind, and why.
ACCEPTED = {
    "CreateFeatureGroup-OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri-long": "a member of replies, ignored in requests (§1.3 rule 8)",
    "CreateFeatureGroup-OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri-pattern": "a member of replies, ignored in requests (§1.3 rule 8)",
}

# Mutations that are refused by another rule than the model's, which comes first or holds more:
# operation-member-kind, what the refusal says, and why.
_NO_FEATURE = ("has no feature", "a name that no group can have is of no feature of this group either; group and name are said")
_NO_TOKEN = ("NextToken is not one that this operation returned", "tokens are opaque: what is too long was never returned")
_VALUE = ("the value of the feature", "the feature is named, which says more than ValueAsString")
_NAME = ("the feature group name", "what is no ARN is held to the rule of names, of 64 characters (§1.1)")
OTHERWISE = {
    "DescribeFeatureGroup-NextToken-long": _NO_TOKEN,
    "ListFeatureGroups-NextToken-long": _NO_TOKEN,
    "ListTags-NextToken-long": _NO_TOKEN,
    "*FeatureGroup-FeatureGroupName-long": _NAME,
    "*FeatureMetadata-FeatureGroupName-long": _NAME,
    "CreateFeatureGroup-RecordIdentifierFeatureName-*": ("RecordIdentifierFeatureName", "it must be among FeatureDefinitions, which are held to the rule (§1.3)"),
    "CreateFeatureGroup-EventTimeFeatureName-*": ("EventTimeFeatureName", "it must be among FeatureDefinitions, which are held to the rule (§1.3)"),
    "CreateFeatureGroup-FeatureDefinitions[]-null": ("the FeatureName of a feature is missing", "a null is an object without members (§0.2)"),
    "CreateFeatureGroup-OfflineStoreConfig.DataCatalogConfig.TableName-long": ("is not 1 to 252", "names of tables are shorter than the model says, so that those derived from them have room"),
    "CreateFeatureGroup-OfflineStoreConfig.DataCatalogConfig.Catalog-*": ("Catalog", "there is one catalog (§11.20)"),
    "UpdateFeatureGroup-FeatureAdditions[]-null": ("the FeatureName of a feature is missing", "a null is an object without members (§0.2)"),
    "UpdateFeatureMetadata-ParameterAdditions[]-null": ("the Key of a parameter is missing", "a null is an object without members (§0.2)"),
    "UpdateFeatureMetadata-ParameterRemovals[]-*": ("parameter", "the refusal calls a removal what it is, the key of a parameter"),
    "BatchGetRecord-Identifiers[].FeatureNames-few": ("FeatureNames is empty", "which says how many there are too few"),
    "*Record-*FeatureNames[]-short": _NO_FEATURE,
    "*Record-*FeatureNames[]-long": _NO_FEATURE,
    "*Record-*Record-few": ("the record is empty", "the refusal names the features that it must have (§3.3)"),
    "*Record-*[].FeatureName-short": _NO_FEATURE,
    "*Record-*[].FeatureName-long": _NO_FEATURE,
    "*Record-*[].ValueAsString-long": _VALUE,
    "*Record-*[].ValueAsStringList[]-long": _VALUE,
    "*Record-*[].ValueAsStringList-many": _VALUE,
}

# Members that no answer has, and why. What is below them is not there either.
NEVER_SENT = {
    "BatchGetRecord-UnprocessedIdentifiers[]*": "nothing is left undone: the list is always empty (§2.5)",
    "BatchWriteRecord-UnprocessedEntries[]*": "nothing is left undone: the list is always empty (§2.6)",
    "DescribeFeatureGroup-NextToken": "a group's definitions fit one page (§1.4)",
    "ListTags-NextToken": "a group's 50 tags fit one page (§1.9)",
    "*OfflineStoreStatus.BlockedReason": "no offline store is ever Blocked: there is no role or key that could be taken away",
    "*FailureReason": "creation and updates fail only through faults of the server's own",
    "Search-Results[].TrainingJob*": "this server has none",
    "Search-Results[].Experiment*": "this server has none",
    "Search-Results[].Trial*": "this server has none",
    "Search-Results[].Endpoint*": "this server has none",
    "Search-Results[].Model*": "this server has none",
    "Search-Results[].Pipeline*": "this server has none",
    "Search-Results[].Project*": "this server has none",
    "Search-Results[].HyperParameterTuningJob*": "this server has none",
    "Search-Results[].Job*": "this server has none",
    "Search-Results[].HubContent*": "this server has none",
}

# Members that the model requires and that answers leave out, and why.
LEFT_OUT = {
    "DescribeFeatureGroup-NextToken": "the service leaves it out too unless there are more pages (§1.4)",
}


def key(table, name):
    """The first pattern of a table that a name has, None if there is none."""
    return next((pattern for pattern in table if fnmatchcase(name, pattern.replace("[]", "[[]]"))), None)


def find(table, name):
    """What a table says of a name, None if it says nothing."""
    return table.get(key(table, name))
