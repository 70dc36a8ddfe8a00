"""DatasetBuilder of the SageMaker SDK 2, beside the oracle."""

import boto3
from sagemaker.feature_store.dataset_builder import JoinComparatorEnum, JoinTypeEnum
from sagemaker.feature_store.feature_group import FeatureGroup
from sagemaker.feature_store.feature_store import FeatureStore
from sagemaker.session import Session
from suite import Suite, data_frame, set_options


class Asker:
    def __init__(self):
        self.session = Session(boto_session=boto3.session.Session())
        self.store = FeatureStore(sagemaker_session=self.session)

    def group(self, group):
        return FeatureGroup(name=group.name, sagemaker_session=self.session)

    def __call__(self, world, variant, ends, output):
        builder = self.builder(world, variant, output)
        set_options(builder, variant, ends)
        return builder.to_dataframe() if variant.to_frame else builder.to_csv_file()

    def builder(self, world, variant, output):
        include = variant.include and list(variant.include)  # the SDK appends to it
        if variant.frame:
            builder = self.store.create_dataset(
                base=data_frame(world.frame), output_path=output, included_feature_names=include,
                record_identifier_feature_name=world.frame.id, event_time_identifier_feature_name=world.frame.at)
        else:
            builder = self.store.create_dataset(base=self.group(world.groups[0]), output_path=output, included_feature_names=include)
        for join in variant.joins:
            builder.with_feature_group(
                self.group(world.groups[join.group]), target_feature_name_in_base=join.base_key,
                included_feature_names=join.include and list(join.include), feature_name_in_target=join.target_key,
                join_comparator=JoinComparatorEnum(join.comparator), join_type=JoinTypeEnum[join.kind])
        return builder


def test_random_histories(seed, histories, bucket, say):
    Suite(Asker, lambda world, variant: None, bucket, say).run(seed, histories, fractional=0.2)
