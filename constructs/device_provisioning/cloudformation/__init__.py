"""CloudFormation templates of others: read once, and checked with what surrounds each template body."""
