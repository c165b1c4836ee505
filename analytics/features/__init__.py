"""Point-in-time features of customers: what was known strictly before an observation date."""

from analytics.features.choice import customer_features, feature_plan
from analytics.features.plan import FeaturePlan, KindPlan
from analytics.features.table import FeatureBuilder
from analytics.features.wording import feature_labels

__all__ = ["FeatureBuilder", "FeaturePlan", "KindPlan", "customer_features", "feature_labels", "feature_plan"]
