"""What CloudFormation can't make by itself: custom resources, one module each."""
