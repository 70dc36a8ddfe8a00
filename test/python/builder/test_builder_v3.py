"""DatasetBuilder of the SageMaker SDK 3, beside the oracle."""

import boto3
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.resources import FeatureGroup
from sagemaker.mlops.feature_store import DatasetBuilder
from sagemaker.mlops.feature_store.dataset_builder import JoinComparatorEnum, JoinTypeEnum
from suite import Suite, data_frame, set_options


class Asker:
    def __init__(self):
        self.session = Session(boto_session=boto3.session.Session())

    def __call__(self, world, variant, ends, output):
        include = variant.include and list(variant.include)  # the SDK appends to it
        if variant.frame:
            builder = DatasetBuilder.create(
                base=data_frame(world.frame), output_path=output, session=self.session, included_feature_names=include,
                record_identifier_feature_name=world.frame.id, event_time_identifier_feature_name=world.frame.at)
        else:
            builder = DatasetBuilder.create(
                base=FeatureGroup(feature_group_name=world.groups[0].name), output_path=output, session=self.session, included_feature_names=include)
        for join in variant.joins:
            builder.with_feature_group(
                FeatureGroup(feature_group_name=world.groups[join.group].name), target_feature_name_in_base=join.base_key,
                included_feature_names=join.include and list(join.include), feature_name_in_target=join.target_key,
                join_comparator=JoinComparatorEnum(join.comparator), join_type=JoinTypeEnum[join.kind])
        set_options(builder, variant, ends)
        return builder.to_dataframe() if variant.to_frame else builder.to_csv_file()


def refused(world, variant):
    """What is wrong with the statements of this SDK: it forgets a blank after is_deleted where a range of event times
    has both ends, and it takes each event time for a number, because it compares the type's name with an enum; only
    that of a DataFrame in a point-in-time join is right. Athena refuses both."""
    groups = [world.groups[join.group] for join in variant.joins] + ([] if variant.frame else [world.groups[0]])
    times = {group.features[group.at] for group in groups}
    ranged = variant.start is not None or variant.end is not None
    if variant.start is not None and variant.end is not None and variant.as_of is None and not variant.deleted and groups:
        return "mismatched input 'from_"
    if (variant.point_in_time or ranged) and "String" in times:
        return "FUNCTION_NOT_FOUND"
    if ranged and variant.frame and world.frame.features[world.frame.at] == "object":
        return "FUNCTION_NOT_FOUND"
    return None


def test_random_histories(seed, histories, bucket, say):
    Suite(Asker, refused, bucket, say).run(seed, histories, fractional=0.8)
