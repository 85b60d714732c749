"""Code that runs in AWS Lambda: the standard library and boto3 only, nothing of this package."""
