"""Records as the wire has them, from what is easier to read."""

import datetime


def record(**features):
    """The list of FeatureValues of features: text, or a list of texts for a collection."""
    return [
        {"FeatureName": name, "ValueAsStringList": value} if isinstance(value, list) else {"FeatureName": name, "ValueAsString": value}
        for name, value in features.items()
    ]


def features(values):
    """What record made values of."""
    return {value["FeatureName"]: value.get("ValueAsString", value.get("ValueAsStringList")) for value in values}


def ago(**duration):
    """An event time that long ago, to the second; ago() is now."""
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**duration)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
