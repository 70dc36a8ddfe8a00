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
ACCEPTED = {}

# Mutations that are refused in words that do not say the model's rule: operation-member-kind, words
# that they have instead, and why.
OTHERWISE = {}

# Members that no answer has, and why. What is below them is not there either.
NEVER_SENT = {}

# Members that the model requires and that answers leave out, and why.
LEFT_OUT = {
    "DescribeFeatureGroup-NextToken": "the service leaves it out too unless there are more pages (§1.4)",
}


def find(table, name):
    """What a table has under a name; its keys are patterns. None if it has nothing."""
    name = name.replace("[]", "")
    return next((said for pattern, said in table.items() if fnmatchcase(name, pattern)), None)
