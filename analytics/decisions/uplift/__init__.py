"""Effect of offers: learners, uplift metrics, calibration, and the value of a targeting rule."""
