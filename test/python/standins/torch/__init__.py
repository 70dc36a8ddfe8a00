"""Stands in for torch, gigabytes that the SageMaker SDK 3 imports on its way to the feature store and never calls there."""
